import type { ServiceRule } from '../contract.ts';
import { directives } from '../formats/lines.ts';
import type { Setting } from '../formats/setting.ts';
import { anyOpen, isOff } from '../hosts.ts';
import type { ServiceImage } from '../image.ts';
import { knownPasswords } from '../known-passwords.ts';
import type { ConfigSource } from '../source.ts';

const config: ConfigSource = {
  id: 'redis',
  files: ['redis.conf', 'valkey.conf', 'redis*.conf', 'redis/*.conf', 'valkey/*.conf', 'users.acl'],
  *parse(text): Generator<Setting> {
    for (const setting of directives(text)) {
      yield setting.key === 'user' ? { ...setting, ...defaultUser(setting.value) } : setting;
    }
  },
  keep: [
    [/^(bind|protected-mode|default-user)$/, 'plain'],
    [/^requirepass$/, knownPasswords],
  ],
};

/** What an access rule says of the user that nobody has to name: its passwords are not kept. */
function defaultUser(rule: string): Pick<Setting, 'key' | 'value'> {
  const [name, ...words] = rule.split(/\s+/);
  if (name !== 'default') return { key: 'other-user', value: '' };
  // A user is off until a rule switches it on, and without a password nobody gets in.
  let value = 'off';
  let on = false;
  for (const word of words) {
    if (word === 'on') on = true;
    else if (word === 'off') on = false;
    else if (word === 'nopass') value = 'nopass';
    else if (word === 'resetpass') value = 'off';
    else if (word.startsWith('>') || word.startsWith('#')) value = 'password';
  }
  return { key: 'default-user', value: on ? value : 'off' };
}

/** Whether somebody has to know a password. */
function isProtected(image: ServiceImage): boolean {
  const { options } = image;
  const user = image.last(config, 'default-user')?.value;
  if (user === 'password' || user === 'off') return true;
  const given = options?.get('requirepass');
  const written = image.last(config, 'requirepass')?.secret;
  return given !== undefined ? given !== '' : written === 'set' || written === 'default';
}

/** SV-001. */
export const redis: ServiceRule = {
  id: 'SV-001',
  service: 'redis',
  level: 'high',
  title: { en: 'Redis can be used without a password', zh: 'Redis 未授权访问' },
  description: {
    en: 'Redis or Valkey listens on other addresses than loopback, or has its protected mode off, and asks nobody for a password: whoever reaches the port can read and change the data, and often write files.',
    zh: 'Redis 或 Valkey 监听非回环地址或关闭了保护模式，且未设置密码：任何能访问该端口的人都可以读写数据，往往还能写入文件。',
  },
  advice: {
    en: 'Set `requirepass` or an ACL password for the default user, keep `protected-mode yes`, and bind to 127.0.0.1 where nothing else is needed.',
    zh: '设置 requirepass 或为 default 用户配置 ACL 密码，保持 protected-mode yes，并在可能时仅绑定 127.0.0.1。',
  },
  packages: /^(redis-server|redis|redis\d*|valkey|valkey-server)$/,
  programs: ['redis-server', 'valkey-server'],
  sources: [config],
  judge(image, verdict) {
    if (isProtected(image)) return;
    const { options } = image;
    if (image.last(config, 'requirepass')?.secret === 'variable') return verdict.atRuntime('requirepass');
    const empty = image.envSet('ALLOW_EMPTY_PASSWORD');
    if (empty !== undefined && !isOff(image.env(empty))) verdict.bad(image.envEvidence(empty, image.env(empty)));
    if (image.envSet('REDIS_PASSWORD', 'VALKEY_PASSWORD') !== undefined) return;
    const bindSetting = image.last(config, 'bind');
    const bind = options?.get('bind') ?? bindSetting?.value;
    const open = bind !== undefined && anyOpen(bind);
    if (open) {
      const written = options?.get('bind') !== undefined || bindSetting === undefined;
      verdict.bad(written ? image.optionEvidence(`--bind ${bind}`) : image.evidence(bindSetting));
    }
    const modeSetting = image.last(config, 'protected-mode');
    const mode = options?.get('protected-mode') ?? modeSetting?.value;
    // Without protection a loopback address still keeps others out.
    if (isOff(mode) && (open || bind === undefined)) {
      const written = options?.get('protected-mode') !== undefined || modeSetting === undefined;
      verdict.bad(written ? image.optionEvidence('--protected-mode no') : image.evidence(modeSetting));
    }
    const expected = image.expected('REDIS_PASSWORD', 'VALKEY_PASSWORD');
    if (expected !== undefined) verdict.atRuntime(expected);
    if (mode === undefined && bind === undefined && builtUnprotected(image)) {
      verdict.byDefault(image.here('built with protected-mode off, no requirepass'));
    }
  },
};

/** The recipe of the well-known image changes the program so that its protected mode is off unless it is switched on. */
function builtUnprotected({ context }: ServiceImage): boolean {
  return (context.image.settings.history ?? []).some(
    ({ createdBy }) => createdBy.includes('createBoolConfig') && createdBy.includes('protected-mode'),
  );
}
