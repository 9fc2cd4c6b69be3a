import type { ServiceRule } from '../contract.ts';
import { ini } from '../formats/lines.ts';
import type { Setting } from '../formats/setting.ts';
import { isOff } from '../hosts.ts';
import { knownPasswords } from '../known-passwords.ts';
import type { ConfigSource } from '../source.ts';

const config: ConfigSource = {
  id: 'rabbitmq',
  files: ['rabbitmq.conf', 'conf.d/*.conf', 'rabbitmq.config', 'rabbitmq/advanced.config'],
  parse: (text, path) => (path.endsWith('.config') ? erlangTerms(text) : ini(text)),
  keep: [
    [/^(loopback_users(\.\w+)?|default_user)$/, 'plain'],
    [/^default_pass$/, knownPasswords],
  ],
};

/** The two or three terms of the old format that matter: `{loopback_users, []}`, `{default_pass, <<"x">>}`. */
function* erlangTerms(text: string): Generator<Setting> {
  for (const line of text.split('\n')) {
    const plain = line.trimStart().startsWith('%') ? '' : line;
    if (/\{\s*loopback_users\s*,\s*\[\s*\]/.test(plain)) yield { key: 'loopback_users', value: 'none', line: null };
    for (const [, key = '', value = ''] of plain.matchAll(/\{\s*(default_user|default_pass)\s*,\s*<<"([^"]*)">>/g)) {
      yield { key, value, line: null };
    }
  }
}

/** SV-013. */
export const rabbitmq: ServiceRule = {
  id: 'SV-013',
  service: 'rabbitmq',
  level: 'high',
  title: { en: 'RabbitMQ lets the guest account in, or has a baked password', zh: 'RabbitMQ 默认账号或内置密码' },
  description: {
    en: 'The account guest with the password guest may log in from anywhere, or the image carries the password of the first account.',
    zh: '默认账号 guest/guest 可以从任意地址登录，或镜像内置了初始账号的密码。',
  },
  advice: {
    en: 'Remove the account guest, keep `loopback_users`, and give the first account when the container starts.',
    zh: '删除 guest 账号，保留 loopback_users 限制，并在启动容器时传入初始账号。',
  },
  packages: /^(rabbitmq-server|rabbitmq)$/,
  programs: ['rabbitmq-server'],
  sources: [config],
  judge(image, verdict) {
    const named = image.envSet('RABBITMQ_DEFAULT_USER') !== undefined;
    for (const found of image.all(config, /^loopback_users/)) {
      const { key, value = '' } = found;
      const open = key === 'loopback_users' ? value === 'none' || value === '' : key.endsWith('.guest') && isOff(value);
      if (open && !named) verdict.bad(image.evidence(found));
    }
    for (const found of image.all(config, 'default_pass')) {
      if (found.secret !== 'variable') verdict.bad(image.evidence(found));
    }
    const password = image.envSet('RABBITMQ_DEFAULT_PASS');
    if (password !== undefined) verdict.bad(image.envEvidence(password));
  },
};
