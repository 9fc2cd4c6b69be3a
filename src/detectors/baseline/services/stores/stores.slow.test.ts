import { program, testChecks } from '../../../../../test/support/check-cases.ts';

const redis = { 'usr/bin/redis-server': program };
const official = {
  'usr/local/bin/docker-entrypoint.sh': {
    mode: 0o755,
    content:
      'file_env \'MYSQL_ROOT_PASSWORD\'\nfile_env "POSTGRES_PASSWORD"\nif [ "$MONGO_INITDB_ROOT_USERNAME" ]; then :; fi\n',
  },
};
const entrypoint = { Entrypoint: ['docker-entrypoint.sh'] };

testChecks({
  'SV-001': [
    ['absent', { 'etc/redis/redis.conf': 'protected-mode no\n' }, 'not_applicable'],
    ['as Debian ships it', { ...redis, 'etc/redis/redis.conf': 'bind 127.0.0.1 -::1\nprotected-mode yes\n' }, 'pass'],
    ['no configuration', redis, 'pass'],
    ['open address', { ...redis, 'etc/redis/redis.conf': 'bind 0.0.0.0\n' }, 'fail:high'],
    ['one of two addresses', { ...redis, 'etc/redis.conf': 'bind 127.0.0.1 10.0.0.5\n' }, 'fail:high'],
    ['protection off', { ...redis, 'etc/redis/redis.conf': 'protected-mode no\n' }, 'fail:high'],
    ['protection off on loopback', { ...redis, 'etc/redis.conf': 'bind 127.0.0.1\nprotected-mode no\n' }, 'pass'],
    ['password', { ...redis, 'etc/redis/redis.conf': 'bind 0.0.0.0\nrequirepass not-a-real-one\n' }, 'pass'],
    ['empty password', { ...redis, 'etc/redis/redis.conf': 'bind 0.0.0.0\nrequirepass ""\n' }, 'fail:high'],
    ['commented password', { ...redis, 'etc/redis/redis.conf': 'bind *\n# requirepass foobared\n' }, 'fail:high'],
    ['access list', { ...redis, 'etc/redis/redis.conf': 'bind *\nuser default on >made-up ~* +@all\n' }, 'pass'],
    ['access list without', { ...redis, 'etc/redis.conf': 'bind *\nuser default on nopass ~* +@all\n' }, 'fail:high'],
    [
      'default user off',
      { ...redis, 'etc/redis/redis.conf': 'bind *\n', 'etc/redis/users.acl': 'user default off\n' },
      'pass',
    ],
    ['command', redis, 'fail:high', { Cmd: ['redis-server', '--protected-mode', 'no'] }],
    ['command in a shell', redis, 'fail:high', { Cmd: ['sh', '-c', 'exec redis-server --bind 0.0.0.0 ::'] }],
    ['command with password', redis, 'pass', { Cmd: ['redis-server', '--bind', '*', '--requirepass', 'made-up'] }],
    ['variable of a packager', redis, 'fail:high', { Env: ['ALLOW_EMPTY_PASSWORD=yes'] }],
    ['valkey', { 'usr/bin/valkey-server': program, 'etc/valkey/valkey.conf': 'bind ::\n' }, 'fail:high'],
  ],
  'SV-002': [
    ['absent', {}, 'not_applicable'],
    ['default', { 'usr/bin/mongod': program }, 'fail:medium'],
    [
      'authorization',
      { 'usr/bin/mongod': program, 'etc/mongod.conf': 'security:\n  authorization: enabled\n' },
      'pass',
    ],
    [
      'disabled',
      { 'usr/bin/mongod': program, 'etc/mongod.conf': 'security:\n  authorization: disabled\n' },
      'fail:high',
    ],
    ['open', { 'usr/bin/mongod': program, 'etc/mongod.conf': 'net:\n  bindIp: 127.0.0.1,0.0.0.0\n' }, 'fail:high'],
    ['all addresses', { 'usr/bin/mongod': program, 'etc/mongod.conf': 'net: {bindIpAll: true}\n' }, 'fail:high'],
    ['old format', { 'usr/bin/mongod': program, 'etc/mongodb.conf': 'bind_ip = 0.0.0.0\nauth = true\n' }, 'pass'],
    ['option', { 'usr/bin/mongod': program }, 'fail:high', { Cmd: ['mongod', '--noauth'] }],
    ['option auth', { 'usr/bin/mongod': program }, 'pass', { Cmd: ['mongod', '--auth', '--bind_ip_all'] }],
    ['at run time', { 'usr/bin/mongod': program, ...official }, 'unknown:runtime', { ...entrypoint, Cmd: ['mongod'] }],
    ['variable', { 'usr/bin/mongod': program }, 'pass', { Env: ['MONGO_INITDB_ROOT_USERNAME=root'] }],
    ['damaged', { 'usr/bin/mongod': program, 'etc/mongod.conf': 'a: [\n' }, 'unknown:unreadable'],
  ],
  'SV-003': [
    ['absent', { 'etc/elasticsearch/elasticsearch.yml': 'xpack.security.enabled: false\n' }, 'not_applicable'],
    [
      'off',
      { 'bin/elasticsearch': program, 'config/elasticsearch.yml': 'xpack.security.enabled: false\n' },
      'fail:high',
    ],
    [
      'nested',
      { 'bin/elasticsearch': program, 'config/elasticsearch.yml': 'xpack:\n  security:\n    enabled: false\n' },
      'fail:high',
    ],
    ['on', { 'bin/elasticsearch': program, 'config/elasticsearch.yml': 'xpack.security.enabled: true\n' }, 'pass'],
    ['variable', { 'bin/elasticsearch': program }, 'fail:high', { Env: ['xpack.security.enabled=false'] }],
    [
      'variable over file',
      { 'bin/elasticsearch': program, 'config/elasticsearch.yml': 'xpack.security.enabled: false\n' },
      'pass',
      { Env: ['xpack.security.enabled=true'] },
    ],
    [
      'OpenSearch',
      { 'bin/opensearch': program, 'config/opensearch.yml': 'plugins.security.disabled: true\n' },
      'fail:high',
    ],
    ['OpenSearch variable', { 'bin/opensearch': program }, 'fail:high', { Env: ['DISABLE_SECURITY_PLUGIN=true'] }],
    [
      'before release 8, open',
      { ...debPackage('elasticsearch', '7.17.9'), 'etc/elasticsearch/elasticsearch.yml': 'network.host: 0.0.0.0\n' },
      'fail:medium',
    ],
    ['before release 8, loopback', debPackage('elasticsearch', '7.17.9'), 'pass'],
    [
      'release 8',
      { ...debPackage('elasticsearch', '8.1.0'), 'etc/elasticsearch/elasticsearch.yml': 'network.host: 0.0.0.0\n' },
      'pass',
    ],
  ],
  'SV-004': [
    ['absent', {}, 'not_applicable'],
    [
      'as Debian ships it',
      { 'usr/bin/memcached': program, 'etc/memcached.conf': '-m 64\n-p 11211\n-l 127.0.0.1\n-l ::1\n' },
      'pass',
    ],
    ['default', { 'usr/bin/memcached': program }, 'fail:low'],
    ['open', { 'usr/bin/memcached': program, 'etc/memcached.conf': '-l 0.0.0.0\n' }, 'fail:medium'],
    ['open with SASL', { 'usr/bin/memcached': program, 'etc/memcached.conf': '-l 0.0.0.0\n-S\n' }, 'pass'],
    ['UDP', { 'usr/bin/memcached': program }, 'fail:medium', { Cmd: ['memcached', '-U', '11211'] }],
    ['UDP on loopback', { 'usr/bin/memcached': program }, 'pass', { Cmd: ['memcached', '-l127.0.0.1', '-U', '11211'] }],
    [
      'RHEL file',
      { 'usr/bin/memcached': program, 'etc/sysconfig/memcached': 'PORT="11211"\nOPTIONS="-l 0.0.0.0"\n' },
      'fail:medium',
    ],
  ],
  'SV-005': [
    ['absent', { 'etc/mysql/my.cnf': '[mysqld]\nskip-grant-tables\n' }, 'not_applicable'],
    ['ordinary', { 'usr/sbin/mysqld': program, 'etc/mysql/my.cnf': '[mysqld]\nbind-address = 0.0.0.0\n' }, 'pass'],
    [
      'skip',
      { 'usr/sbin/mysqld': program, 'etc/mysql/mysql.conf.d/x.cnf': '[mysqld]\nskip_grant_tables\n' },
      'fail:high',
    ],
    ['skip for the client', { 'usr/sbin/mysqld': program, 'etc/my.cnf': '[client]\nskip-grant-tables\n' }, 'pass'],
    ['skip switched off', { 'usr/sbin/mysqld': program, 'etc/my.cnf': '[mysqld]\nskip-grant-tables=0\n' }, 'pass'],
    ['option', { 'usr/sbin/mariadbd': program }, 'fail:high', { Cmd: ['mariadbd', '--skip-grant-tables'] }],
    ['variable', { 'usr/sbin/mysqld': program }, 'fail:high', { Env: ['MYSQL_ALLOW_EMPTY_PASSWORD=1'] }],
    ['at run time', { 'usr/sbin/mysqld': program, ...official }, 'unknown:runtime', entrypoint],
    [
      'empty root in a data directory',
      {
        'usr/sbin/mariadbd': program,
        'var/lib/mysql/mysql/global_priv.MAD': 'localhost\u0004root{"access":18446744073709551615}\u0000',
      },
      'fail:high',
    ],
    [
      'root by socket',
      {
        'usr/sbin/mariadbd': program,
        'var/lib/mysql/mysql/global_priv.MAD':
          'localhost\u0004root{"access":18446744073709551615,"plugin":"mysql_native_password","authentication_string":"invalid","auth_or":[{},{"plugin":"unix_socket"}]}',
      },
      'pass',
    ],
  ],
  'SV-006': [
    ['absent', { 'etc/postgresql/15/main/pg_hba.conf': 'host all all 0.0.0.0/0 trust\n' }, 'not_applicable'],
    [
      'trust for all',
      { 'usr/lib/postgresql/15/bin/postgres': program, 'etc/pg_hba.conf': '# x\nhost all all 0.0.0.0/0 trust\n' },
      'fail:high',
    ],
    [
      'with a mask',
      { 'usr/bin/postgres': program, 'data/pg_hba.conf': 'host all all 10.0.0.0 255.0.0.0 trust\n' },
      'fail:high',
    ],
    ['by any name', { 'usr/bin/postgres': program, 'data/pg_hba.conf': 'hostssl all all all trust\n' }, 'fail:high'],
    [
      'trust on this machine',
      {
        'usr/bin/postgres': program,
        'data/pg_hba.conf':
          'local all all trust\nhost all all 127.0.0.1/32 trust\nhost all all ::1/128 trust\nhost all all 127.0.0.1 255.255.255.255 trust\n',
      },
      'pass',
    ],
    ['passwords', { 'usr/bin/postgres': program, 'data/pg_hba.conf': 'host all all all scram-sha-256\n' }, 'pass'],
    [
      'variable',
      { 'usr/bin/postgres': program, ...official },
      'fail:high',
      { ...entrypoint, Env: ['POSTGRES_HOST_AUTH_METHOD=trust'] },
    ],
    [
      'at run time',
      { 'usr/bin/postgres': program, ...official },
      'unknown:runtime',
      { ...entrypoint, Cmd: ['postgres'] },
    ],
  ],
  'SV-007': [
    ['absent', {}, 'not_applicable'],
    ['default', { 'opt/couchdb/bin/couchdb': program }, 'fail:medium'],
    [
      'open',
      { 'opt/couchdb/bin/couchdb': program, 'opt/couchdb/etc/local.ini': '[chttpd]\nbind_address = 0.0.0.0\n' },
      'fail:high',
    ],
    [
      'administrator',
      {
        'opt/couchdb/bin/couchdb': program,
        'opt/couchdb/etc/local.d/a.ini': '[chttpd]\nbind_address = any\n[admins]\nsomebody = -pbkdf2-aa,bb,10\n',
      },
      'pass',
    ],
    [
      'administrator with a known password',
      { 'opt/couchdb/bin/couchdb': program, 'opt/couchdb/etc/local.ini': '[admins]\nadmin = password\n' },
      'fail:high',
    ],
    [
      'strangers may read',
      {
        'opt/couchdb/bin/couchdb': program,
        'opt/couchdb/etc/local.ini':
          '[chttpd]\nbind_address = 0.0.0.0\nrequire_valid_user = false\n[admins]\nsomebody = -pbkdf2-aa,bb,10\n',
      },
      'fail:high',
    ],
    [
      'variable',
      { 'opt/couchdb/bin/couchdb': program },
      'pass',
      { Env: ['COUCHDB_USER=a', 'COUCHDB_PASSWORD=made-up-one'] },
    ],
    [
      'at run time',
      {
        'opt/couchdb/bin/couchdb': program,
        'docker-entrypoint.sh': { mode: 0o755, content: 'if [ "$COUCHDB_USER" ]; then\n' },
      },
      'unknown:runtime',
      { Entrypoint: ['/docker-entrypoint.sh'] },
    ],
  ],
});

/** A database record of dpkg, which is what tells the version. */
function debPackage(name: string, version: string): Record<string, string> {
  return {
    'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
    'var/lib/dpkg/status': `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n\n`,
  };
}
