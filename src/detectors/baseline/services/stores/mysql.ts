import type { ServiceRule } from '../contract.ts';
import { ini } from '../formats/lines.ts';
import type { Setting } from '../formats/setting.ts';
import { isOff } from '../hosts.ts';
import type { ConfigSource } from '../source.ts';

const config: ConfigSource = {
  id: 'mysql',
  files: ['my.cnf', '*.cnf'],
  *parse(text): Generator<Setting> {
    for (const setting of ini(text)) yield { ...setting, key: setting.key.replaceAll('_', '-') };
  },
  keep: [[/^(mysqld|mariadbd?|server|mysqld-[\d.]+|mariadbd?-[\d.]+)\/skip-grant-tables$/, 'plain']],
};

/** Accounts of a data directory that is part of the image (MariaDB keeps them as JSON behind host and name). */
const accounts: ConfigSource = {
  id: 'mysql-accounts',
  files: ['mysql/global_priv.MAD'],
  *parse(text): Generator<Setting> {
    for (let at = text.indexOf('root'); at >= 0; at = text.indexOf('root', at + 4)) {
      const start = text.indexOf('{"access":', at);
      if (start < 0) return;
      if (start - at > 16) continue;
      const account = text.slice(start, start + 1000).split('}', 1)[0] ?? '';
      const hash = /"authentication_string":"([^"]*)"/.exec(account)?.[1] ?? '';
      const outside = /"plugin":"(unix_socket|auth_socket|pam|gssapi)"/.test(account);
      yield { key: 'root', value: outside ? 'outside' : hash, line: null };
    }
  },
  keep: [[/^root$/, []]],
};

const allowEmpty = [
  ...['MYSQL_ALLOW_EMPTY_PASSWORD', 'MARIADB_ALLOW_EMPTY_ROOT_PASSWORD', 'MARIADB_ALLOW_EMPTY_PASSWORD'],
  'ALLOW_EMPTY_PASSWORD',
];
const passwords = [
  ...['MYSQL_ROOT_PASSWORD', 'MARIADB_ROOT_PASSWORD', 'MYSQL_RANDOM_ROOT_PASSWORD', 'MARIADB_RANDOM_ROOT_PASSWORD'],
  ...['MYSQL_ROOT_PASSWORD_FILE', 'MARIADB_ROOT_PASSWORD_FILE', 'MARIADB_ROOT_PASSWORD_HASH'],
];

/** SV-005. */
export const mysql: ServiceRule = {
  id: 'SV-005',
  service: 'mysql',
  level: 'high',
  title: { en: 'MySQL or MariaDB without passwords', zh: 'MySQL 未授权访问' },
  description: {
    en: 'The server starts without access control (`skip-grant-tables`), or its administrator has no password.',
    zh: '服务以 skip-grant-tables 方式启动而没有访问控制，或管理员账号没有密码。',
  },
  advice: {
    en: 'Remove `skip-grant-tables` and the variables that allow empty passwords; give the root password when the container starts, from a secret.',
    zh: '删除 skip-grant-tables 和允许空密码的环境变量；启动容器时通过密钥管理传入 root 密码。',
  },
  packages:
    /^(mysql-server|mysql-server-core|mysql-community-server|mariadb-server|mariadb-server-core|mysql-server-(core-)?[\d.]+|mariadb-server-(core-)?[\d.]+|percona-server-server|mysql|mariadb|default-mysql-server)$/,
  programs: ['mysqld', 'mariadbd'],
  sources: [config, accounts],
  judge(image, verdict) {
    for (const found of image.all(config)) if (!isOff(found.value)) verdict.bad(image.evidence(found));
    const option = image.options?.get('skip-grant-tables');
    if (option !== undefined && !isOff(option)) verdict.bad(image.optionEvidence('--skip-grant-tables'));
    for (const name of allowEmpty) {
      const value = image.env(name);
      if (value !== undefined && value !== '' && !isOff(value)) verdict.bad(image.envEvidence(name, value));
    }
    for (const found of image.all(accounts)) {
      if (found.secret === 'empty') verdict.bad(image.missing(found.file, 'root has no password'));
    }
    const expected = image.envSet(...passwords) === undefined ? image.expected(...passwords) : undefined;
    if (expected !== undefined) verdict.atRuntime(expected);
  },
};
