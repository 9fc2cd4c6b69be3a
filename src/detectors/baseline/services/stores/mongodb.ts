import type { ServiceRule } from '../contract.ts';
import { ini } from '../formats/lines.ts';
import { yamlSettings } from '../formats/tree.ts';
import { anyOpen, isOn } from '../hosts.ts';
import type { ServiceImage } from '../image.ts';
import type { ConfigSource } from '../source.ts';

const config: ConfigSource = {
  id: 'mongodb',
  files: ['mongod.conf', 'mongodb.conf', 'mongod.yaml', 'mongod.yml'],
  /** Files of old releases are `name = value`. */
  parse: (text) => (/^[ \t]*\w+[ \t]*=/m.test(text) ? ini(text) : yamlSettings(text)),
  keep: [
    [/^(security\.(authorization|keyFile|clusterAuthMode)|net\.bindIp(All)?|auth|noauth|bind_ip|keyfile)$/, 'plain'],
  ],
};

function isAuthorized(image: ServiceImage): boolean {
  const { options } = image;
  if (options?.get('auth', 'keyFile') !== undefined) return true;
  if (options?.get('noauth') !== undefined) return false;
  const says = (key: string): string | undefined => image.last(config, key)?.value;
  return (
    says('security.authorization') === 'enabled' ||
    (says('security.keyFile') ?? says('keyfile') ?? '') !== '' ||
    says('security.clusterAuthMode') !== undefined ||
    isOn(says('auth'))
  );
}

/** SV-002. */
export const mongodb: ServiceRule = {
  id: 'SV-002',
  service: 'mongodb',
  level: 'high',
  title: { en: 'MongoDB can be used without authorization', zh: 'MongoDB 未授权访问' },
  description: {
    en: 'Access control is off, so whoever reaches the port can read, change and delete all databases.',
    zh: '未启用访问控制，任何能访问该端口的人都可以读取、修改和删除所有数据库。',
  },
  advice: {
    en: 'Set `security.authorization: enabled`, create users, and bind only to the addresses that are needed.',
    zh: '设置 security.authorization: enabled 并创建用户，只绑定所需的地址。',
  },
  packages:
    /^(mongodb|mongodb-server|mongodb-server-core|mongodb-org-server|mongodb-enterprise-server|percona-server-mongodb-server)$/,
  programs: ['mongod'],
  sources: [config],
  judge(image, verdict) {
    const { options } = image;
    if (isAuthorized(image)) return;
    if (options?.get('noauth') !== undefined) verdict.bad(image.optionEvidence('--noauth'));
    for (const found of image.all(config, /^(security\.authorization|noauth|auth)$/)) {
      const { key, value } = found;
      if (key === 'noauth' ? isOn(value) || value === '' : value !== 'enabled' && !isOn(value)) {
        verdict.bad(image.evidence(found));
      }
    }
    const initial = ['MONGO_INITDB_ROOT_USERNAME', 'MONGODB_ROOT_PASSWORD'];
    if (image.envSet(...initial) !== undefined) return;
    for (const found of image.all(config, /^(net\.bindIp(All)?|bind_ip)$/)) {
      const { key, value = '' } = found;
      if (key === 'net.bindIpAll' ? isOn(value) : anyOpen(value)) verdict.bad(image.evidence(found));
    }
    if (options?.get('bind_ip_all') !== undefined) verdict.bad(image.optionEvidence('--bind_ip_all'));
    const bind = options?.get('bind_ip');
    if (bind !== undefined && anyOpen(bind)) verdict.bad(image.optionEvidence(`--bind_ip ${bind}`));
    const expected = image.expected(...initial);
    if (expected !== undefined) verdict.atRuntime(expected);
    verdict.byDefault(image.here('security.authorization is not set, its default is off'));
  },
};
