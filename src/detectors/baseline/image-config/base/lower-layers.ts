import { configCheck } from '../../define-check.ts';
import { failIf, unknown } from '../../outcome.ts';

/** IC-025 */
export const secretInLowerLayer = configCheck({
  id: 'IC-025',
  item: 'secret_in_lower_layer',
  level: 'high',
  title: { en: 'A secret was removed only in a later layer', zh: '敏感信息仅在上层被删除' },
  description: {
    en: 'A file with a secret was deleted or replaced by a later layer: containers do not see it, but everybody who pulls the image has it.',
    zh: '含敏感信息的文件被后续层删除或覆盖：容器中不可见，但任何拉取镜像的人都能得到它。',
  },
  advice: {
    en: 'Rebuild the image without the file (build secrets, several stages) and replace the secret.',
    zh: '使用构建密钥或多阶段构建重新生成镜像，并更换该密钥。',
  },
  evaluate({ before }) {
    if (before.sensitive === undefined) return unknown('not_asked', 'Secrets were not looked for.');
    const hidden = before.sensitive.filter(({ present, layer }) => !present && layer !== null);
    return failIf(hidden.map(({ path, layer, line, excerpt, inBase }) => ({ path, layer, line, excerpt, inBase })));
  },
});
