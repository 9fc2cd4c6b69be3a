import type { ServiceRule } from '../contract.ts';
import { ini } from '../formats/lines.ts';
import { isLocal } from '../hosts.ts';
import { knownPasswords } from '../known-passwords.ts';
import type { ConfigSource } from '../source.ts';

const config: ConfigSource = {
  id: 'supervisor',
  files: ['supervisord.conf', 'supervisor/*.conf', 'supervisord/*.conf', 'supervisor/conf.d/*.conf', 'supervisor.conf'],
  parse: ini,
  keep: [
    [/^inet_http_server\/port$/, 'plain'],
    [/^inet_http_server\/(password|username)$/, ['user', '123', ...knownPasswords]],
  ],
};

/** SV-026. */
export const supervisor: ServiceRule = {
  id: 'SV-026',
  service: 'supervisor',
  level: 'high',
  title: { en: 'supervisord can be controlled without a password', zh: 'Supervisor 未授权访问' },
  description: {
    en: 'The HTTP interface of supervisord asks for no password: whoever reaches it starts and stops programs, and releases with known holes run commands.',
    zh: 'supervisord 的 HTTP 接口未设置密码：任何能访问的人都可启停进程，存在漏洞的版本还可执行命令。',
  },
  advice: {
    en: 'Use the unix socket, or set `username` and `password` in `[inet_http_server]`.',
    zh: '使用 unix socket，或在 [inet_http_server] 中设置 username 和 password。',
  },
  packages: /^supervisor$/,
  programs: ['supervisord'],
  sources: [config],
  judge(image, verdict) {
    for (const file of image.files(config)) {
      const port = file.settings.findLast(({ key }) => key === 'inet_http_server/port');
      if (port === undefined) continue;
      const password = file.settings.findLast(({ key }) => key === 'inet_http_server/password')?.secret ?? 'empty';
      if (password === 'set' || password === 'variable') continue;
      // Only programs of the container reach a loopback address.
      const level = isLocal((port.value ?? '').replace(/^\*/, '')) ? 'medium' : 'high';
      verdict.bad(image.evidence({ ...port, file }), level);
    }
  },
};
