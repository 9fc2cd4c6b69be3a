import { commandWords } from '../../command-words.ts';
import type { ServiceRule } from '../contract.ts';
import { logicalLines } from '../formats/lines.ts';
import type { Setting } from '../formats/setting.ts';
import { isLocal } from '../hosts.ts';
import type { ConfigSource } from '../source.ts';

/** Rules of who may connect from where: the key is kind and address, the value the method. */
const config: ConfigSource = {
  id: 'pg_hba',
  files: ['pg_hba.conf'],
  *parse(text): Generator<Setting> {
    for (const { text: line, line: number } of logicalLines(text, '#', true)) {
      const [kind = '', , , address = '', next = '', last = ''] = commandWords(line);
      if (!kind.startsWith('host')) continue;
      // An address may be followed by a mask of its own.
      const method = /^[\d.]+$|^[\da-f]*:[\da-f:]*$/i.test(next) ? last : next;
      yield { key: `${kind} ${address}`, value: method, line: number };
    }
  },
  keep: [[/^host/, 'plain']],
};

/** SV-006. */
export const postgresql: ServiceRule = {
  id: 'SV-006',
  service: 'postgresql',
  level: 'high',
  title: { en: 'PostgreSQL trusts whoever connects', zh: 'PostgreSQL 未授权访问' },
  description: {
    en: 'Connections from other hosts are accepted with the method `trust`: everybody may be any user, the superuser included.',
    zh: '对来自其他主机的连接使用 trust 认证：任何人都可以以任意用户（包括超级用户）身份登录。',
  },
  advice: {
    en: 'Use `scram-sha-256` for all addresses but the local ones.',
    zh: '除本机地址外一律使用 scram-sha-256 认证。',
  },
  packages: /^(postgresql|postgresql-\d[\d.]*|postgresql\d*-server|postgresql\d+)$/,
  programs: ['postgres', 'postmaster'],
  sources: [config],
  judge(image, verdict) {
    for (const found of image.all(config)) {
      const address = found.key.slice(found.key.indexOf(' ') + 1);
      if (found.value === 'trust' && address !== 'samehost' && !isLocal(address)) verdict.bad(image.evidence(found));
    }
    const method = image.env('POSTGRES_HOST_AUTH_METHOD');
    if (method === 'trust') verdict.bad(image.envEvidence('POSTGRES_HOST_AUTH_METHOD', method));
    const passwords = ['POSTGRES_PASSWORD', 'POSTGRESQL_PASSWORD', 'POSTGRES_HOST_AUTH_METHOD'];
    const expected = image.envSet(...passwords) === undefined ? image.expected(...passwords) : undefined;
    if (expected !== undefined) verdict.atRuntime(expected);
  },
};
