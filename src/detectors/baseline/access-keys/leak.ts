import { accessKeyCheck } from '../define-check.ts';
import { failIf, unknown } from '../outcome.ts';

/** Keys of sensitive-file rules that find ids of access keys: of Alibaba Cloud, AWS, Tencent Cloud and Huawei Cloud. */
const rules: ReadonlySet<string> = new Set(['ak_leak', 'aws_access_key', 'tencentcloud_ak', 'huaweicloud_ak']);

/** AK-001 */
export const accessKeyLeak = accessKeyCheck({
  id: 'AK-001',
  item: 'ak_leak',
  level: 'high',
  title: { en: 'An access key of a cloud is in the image', zh: '镜像中存在云访问密钥' },
  description: {
    en: 'A file of any layer, the config or the history holds an id of an access key of Alibaba Cloud, AWS, Tencent Cloud or Huawei Cloud. High where its secret stands with it, medium for the id alone.',
    zh: '任一层的文件、配置或历史中存在阿里云、AWS、腾讯云或华为云的访问密钥 ID。同时存在密钥 Secret 为高危，仅有 ID 为中危。',
  },
  advice: {
    en: 'Revoke the key, create another one and rebuild the image without it.',
    zh: '吊销该密钥并更换，然后重新构建不含密钥的镜像。',
  },
  evaluate({ before }) {
    if (before.sensitive === undefined) return unknown('not_asked', 'Secrets were not looked for.');
    const leaks = before.sensitive.filter(({ rule }) => rules.has(rule));
    const paired = leaks.some(({ level }) => level === 'high');
    return failIf(
      leaks.map(({ path, layer, line, excerpt, inBase }) => ({ path, layer, line, excerpt, inBase })),
      { level: paired ? 'high' : 'medium' },
    );
  },
});
