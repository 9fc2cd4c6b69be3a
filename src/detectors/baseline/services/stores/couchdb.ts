import type { ServiceRule } from '../contract.ts';
import { ini } from '../formats/lines.ts';
import { isLocal, isOff } from '../hosts.ts';
import { knownPasswords } from '../known-passwords.ts';
import type { ConfigSource } from '../source.ts';

const config: ConfigSource = {
  id: 'couchdb',
  files: ['local.ini', 'couchdb.ini', 'local.d/*.ini', 'couchdb/etc/default.ini', 'default.d/*.ini'],
  parse: ini,
  keep: [
    [/^(chttpd|httpd|chttpd_auth|couch_httpd_auth)\/(bind_address|require_valid_user)$/, 'plain'],
    [/^admins\//, knownPasswords],
  ],
};

/** SV-007. */
export const couchdb: ServiceRule = {
  id: 'SV-007',
  service: 'couchdb',
  level: 'high',
  title: { en: 'CouchDB has no administrator', zh: 'CouchDB 未授权访问' },
  description: {
    en: 'Without an administrator every visitor is one; with `require_valid_user = false` on an open address strangers may read databases.',
    zh: '未设置管理员时，任何访问者都拥有管理员权限；在开放地址上将 require_valid_user 设为 false 时，陌生人可以读取数据库。',
  },
  advice: {
    en: 'Create an administrator in `[admins]`, set `require_valid_user = true`, and bind to the addresses that are needed.',
    zh: '在 [admins] 中创建管理员，设置 require_valid_user = true，并只绑定所需的地址。',
  },
  packages: /^(couchdb|couch-db)$/,
  programs: ['couchdb'],
  sources: [config],
  judge(image, verdict) {
    const binds = image.all(config, /\/bind_address$/);
    const open = binds.filter(({ value = '' }) => !isLocal(value));
    const admins = image.all(config, /^admins\//);
    for (const admin of admins) {
      if (admin.secret === 'default' || admin.secret === 'empty') verdict.bad(image.evidence(admin));
    }
    const named = image.envSet('COUCHDB_PASSWORD', 'COUCHDB_USER');
    if (admins.length > 0 || named !== undefined) {
      const valid = image.last(config, /\/require_valid_user$/);
      if (open.length > 0 && isOff(valid?.value) && valid !== undefined) verdict.bad(image.evidence(valid));
      return;
    }
    const expected = image.expected('COUCHDB_PASSWORD', 'COUCHDB_USER');
    if (expected !== undefined) return verdict.atRuntime(expected);
    for (const found of open) verdict.bad(image.evidence(found));
    verdict.byDefault(image.here('no administrator in [admins]'));
  },
};
