import type { ServiceRule } from '../contract.ts';
import { properties } from '../formats/lines.ts';
import type { Setting } from '../formats/setting.ts';
import { isOff, isOn } from '../hosts.ts';
import type { ConfigSource } from '../source.ts';

/** Keys for tokens that releases before 2.2.1 were shipped with, which their manual shows; `012…9` repeated. */
const digits = '0123456789'.repeat(7);
const shippedKeys = [51, 57, 60].flatMap((length) => {
  const key = `SecretKey${digits.slice(0, length)}`;
  return [key, Buffer.from(key).toString('base64')];
});

const config: ConfigSource = {
  id: 'nacos',
  files: ['nacos/conf/application.properties', 'nacos/conf/custom.properties'],
  *parse(text): Generator<Setting> {
    // `${NAME:value}`: the value counts unless the variable is given.
    for (const setting of properties(text)) {
      const [, name, value] = /^\$\{([A-Z_a-z.]+):([^{}]*)\}$/.exec(setting.value) ?? [];
      if (name !== undefined) yield { key: `${setting.key} from`, value: name, line: setting.line };
      yield value === undefined ? setting : { ...setting, value };
    }
  },
  keep: [
    [/^nacos\.core\.auth\.enabled( from)?$/, 'plain'],
    [/^nacos\.core\.auth\.(plugin\.nacos\.|default\.)token\.secret\.key$/, shippedKeys],
    [/^nacos\.core\.auth\.server\.identity\.(key|value)$/, ['serverIdentity', 'security', 'example']],
  ],
};

/** SV-016. */
export const nacos: ServiceRule = {
  id: 'SV-016',
  service: 'nacos',
  level: 'high',
  title: { en: 'Nacos without authentication or with shipped keys', zh: 'Nacos 未授权访问或默认密钥' },
  description: {
    en: 'Authentication is off, or tokens and the identity of servers are made with values that everybody knows: the configuration of all services can be read and changed.',
    zh: '未启用鉴权，或令牌密钥、服务端身份使用众所周知的默认值：所有服务的配置可被读取和修改。',
  },
  advice: {
    en: 'Set `nacos.core.auth.enabled=true` with a token key and a server identity of your own.',
    zh: '设置 nacos.core.auth.enabled=true，并使用自己的令牌密钥和服务端身份。',
  },
  packages: /^(nacos|nacos-server|com\.alibaba\.nacos:nacos-console|com\.alibaba\.nacos:nacos-core)$/,
  programs: ['nacos-server.jar'],
  sources: [config],
  judge(image, verdict) {
    for (const found of image.all(config, /(secret\.key|identity\.(key|value))$/)) {
      if (found.secret === 'default') verdict.bad(image.evidence(found));
    }
    if (shippedKeys.includes(image.env('NACOS_AUTH_TOKEN') ?? '')) {
      verdict.bad(image.envEvidence('NACOS_AUTH_TOKEN', '(default)'));
    }
    const variable = image.env('NACOS_AUTH_ENABLE');
    if (variable !== undefined && variable !== '') {
      if (isOff(variable)) verdict.bad(image.envEvidence('NACOS_AUTH_ENABLE', variable));
      return;
    }
    const written = image.last(config, 'nacos.core.auth.enabled');
    if (written === undefined) return verdict.byDefault(image.here('nacos.core.auth.enabled is not set'));
    if (isOn(written.value)) return;
    const name = image.last(config, 'nacos.core.auth.enabled from')?.value;
    if (name !== undefined) verdict.atRuntime(name);
    else verdict.bad(image.evidence(written));
  },
};
