import { createHash } from 'node:crypto';
import { program, testChecks } from '../../../../../test/support/check-cases.ts';

const etcd = { 'usr/bin/etcd': program };
const zoo = { 'opt/zookeeper/bin/zkServer.sh': program };
const kafka = { 'opt/kafka/bin/kafka-server-start.sh': program };
const rabbit = { 'usr/sbin/rabbitmq-server': program };
const active = { 'opt/activemq/bin/activemq': program };
const nacos = { 'home/nacos/target/nacos-server.jar': 'PK' };
/** The key in the manual of old releases: the digits six times. */
const shippedKey = `SecretKey${'0123456789'.repeat(6)}`;
const token = `made-up-${createHash('sha256').update('a key of its own').digest('hex')}`;

/** A reference of the program's own format. */
const variable = (name: string): string => `\${${name}}`;

testChecks({
  'SV-010': [
    ['absent', { 'etc/zoo.cfg': '4lw.commands.whitelist=*\n' }, 'not_applicable'],
    ['etcd by default', etcd, 'pass'],
    ['etcd open', { ...etcd, 'etc/default/etcd': 'ETCD_LISTEN_CLIENT_URLS="http://0.0.0.0:2379"\n' }, 'fail:high'],
    ['etcd on loopback', { ...etcd, 'etc/default/etcd': 'ETCD_LISTEN_CLIENT_URLS="http://127.0.0.1:2379"\n' }, 'pass'],
    [
      'etcd with certificates',
      {
        ...etcd,
        'etc/etcd/etcd.conf.yml':
          'listen-client-urls: https://0.0.0.0:2379\nclient-transport-security:\n  client-cert-auth: true\n',
      },
      'pass',
    ],
    ['etcd by YAML', { ...etcd, 'etc/etcd/etcd.conf.yml': 'listen-client-urls: http://10.1.1.1:2379\n' }, 'fail:high'],
    ['etcd command', etcd, 'fail:high', { Cmd: ['etcd', '--listen-client-urls=http://0.0.0.0:2379'] }],
    [
      'etcd command with certificates',
      etcd,
      'pass',
      { Cmd: ['etcd', '--listen-client-urls', 'https://0.0.0.0:2379', '--client-cert-auth'] },
    ],
    ['etcd variable', etcd, 'fail:high', { Env: ['ETCD_LISTEN_CLIENT_URLS=http://0.0.0.0:2379'] }],
    ['ZooKeeper by default', { ...zoo, 'opt/zookeeper/conf/zoo.cfg': 'clientPort=2181\n' }, 'fail:medium'],
    ['ZooKeeper on loopback', { ...zoo, 'opt/zookeeper/conf/zoo.cfg': 'clientPortAddress=127.0.0.1\n' }, 'pass'],
    [
      'ZooKeeper with SASL',
      { ...zoo, 'opt/zookeeper/conf/zoo.cfg': 'enforce.auth.enabled=true\nenforce.auth.schemes=sasl\n' },
      'pass',
    ],
    [
      'all words',
      { ...zoo, 'opt/zookeeper/conf/zoo.cfg': 'enforce.auth.enabled=true\n4lw.commands.whitelist=*\n' },
      'fail:high',
    ],
  ],
  'SV-012': [
    ['absent', { 'opt/kafka/config/server.properties': 'listeners=PLAINTEXT://:9092\n' }, 'not_applicable'],
    [
      'default',
      { ...kafka, 'opt/kafka/config/server.properties': 'broker.id=0\n#listeners=PLAINTEXT://:9092\n' },
      'fail:low',
    ],
    ['open', { ...kafka, 'opt/kafka/config/server.properties': 'listeners=PLAINTEXT://:9092\n' }, 'fail:medium'],
    [
      'loopback',
      { ...kafka, 'opt/kafka/config/server.properties': 'listeners=PLAINTEXT://localhost:9092,CONTROLLER://:9093\n' },
      'pass',
    ],
    ['TLS', { ...kafka, 'opt/kafka/config/server.properties': 'listeners=SASL_SSL://:9092\n' }, 'pass'],
    [
      'authorizer',
      {
        ...kafka,
        'opt/kafka/config/server.properties':
          'listeners=PLAINTEXT://:9092\nauthorizer.class.name=kafka.security.authorizer.AclAuthorizer\n',
      },
      'pass',
    ],
    [
      'named listener',
      {
        ...kafka,
        'opt/kafka/config/server.properties':
          'listeners=OUT://0.0.0.0:9092\nlistener.security.protocol.map=OUT:PLAINTEXT\n',
      },
      'fail:medium',
    ],
    ['variable', kafka, 'fail:medium', { Env: ['KAFKA_LISTENERS=PLAINTEXT://0.0.0.0:9092'] }],
    [
      'at run time',
      { ...kafka, 'etc/entrypoint.sh': { mode: 0o755, content: 'echo "$KAFKA_ADVERTISED_LISTENERS"\n' } },
      'unknown:runtime',
      { Entrypoint: ['/etc/entrypoint.sh'] },
    ],
  ],
  'SV-013': [
    ['absent', {}, 'not_applicable'],
    ['default: guest on loopback only', rabbit, 'pass'],
    ['guest from anywhere', { ...rabbit, 'etc/rabbitmq/rabbitmq.conf': 'loopback_users = none\n' }, 'fail:high'],
    [
      'guest by name',
      { ...rabbit, 'etc/rabbitmq/conf.d/10-defaults.conf': 'loopback_users.guest = false\n' },
      'fail:high',
    ],
    [
      'guest by name, another first account',
      { ...rabbit, 'etc/rabbitmq/conf.d/10-defaults.conf': 'loopback_users.guest = false\n' },
      'pass',
      { Env: ['RABBITMQ_DEFAULT_USER=somebody'] },
    ],
    ['restricted', { ...rabbit, 'etc/rabbitmq/rabbitmq.conf': 'loopback_users.guest = true\n' }, 'pass'],
    ['old format', { ...rabbit, 'etc/rabbitmq/rabbitmq.config': '[{rabbit, [{loopback_users, []}]}].\n' }, 'fail:high'],
    ['old format, comment', { ...rabbit, 'etc/rabbitmq/rabbitmq.config': '%% {loopback_users, []},\n[].\n' }, 'pass'],
    [
      'baked password',
      { ...rabbit, 'etc/rabbitmq/rabbitmq.conf': 'default_user = a\ndefault_pass = made-up-one\n' },
      'fail:high',
    ],
    ['baked variable', rabbit, 'fail:high', { Env: ['RABBITMQ_DEFAULT_PASS=made-up-one'] }],
  ],
  'SV-014': [
    ['absent', { 'conf/users.properties': 'admin=admin\n' }, 'not_applicable'],
    [
      'console as shipped',
      { ...active, 'opt/activemq/conf/jetty-realm.properties': '# user: password, role\nadmin: admin, admin\n' },
      'fail:high',
    ],
    ['broker as shipped', { ...active, 'opt/activemq/conf/users.properties': 'admin=admin\n' }, 'fail:high'],
    ['changed', { ...active, 'opt/activemq/conf/jetty-realm.properties': 'admin: Made.Up-One, admin\n' }, 'pass'],
    ['obfuscated', { ...active, 'opt/activemq/conf/jetty-realm.properties': 'admin: MD5:5f4d, admin\n' }, 'pass'],
    ['variable', { 'opt/artemis/bin/artemis': program }, 'fail:high', { Env: ['ARTEMIS_PASSWORD=artemis'] }],
  ],
  'SV-016': [
    ['absent', {}, 'not_applicable'],
    ['default', nacos, 'fail:medium'],
    ['off', { ...nacos, 'home/nacos/conf/application.properties': 'nacos.core.auth.enabled=false\n' }, 'fail:high'],
    [
      'on',
      {
        ...nacos,
        'home/nacos/conf/application.properties': `nacos.core.auth.enabled=true\nnacos.core.auth.plugin.nacos.token.secret.key=${token}\n`,
      },
      'pass',
    ],
    [
      'shipped key',
      {
        ...nacos,
        'home/nacos/conf/application.properties': `nacos.core.auth.enabled=true\nnacos.core.auth.default.token.secret.key=${shippedKey}\n`,
      },
      'fail:high',
    ],
    [
      'shipped identity',
      {
        ...nacos,
        'home/nacos/conf/application.properties':
          'nacos.core.auth.enabled=true\nnacos.core.auth.server.identity.key=serverIdentity\n',
      },
      'fail:high',
    ],
    [
      'variable',
      {
        ...nacos,
        'home/nacos/conf/application.properties': `nacos.core.auth.enabled=${variable('NACOS_AUTH_ENABLE:false')}\n`,
      },
      'pass',
      { Env: ['NACOS_AUTH_ENABLE=true'] },
    ],
    [
      'at run time',
      {
        ...nacos,
        'home/nacos/conf/application.properties': `nacos.core.auth.enabled=${variable('NACOS_AUTH_ENABLE:false')}\n`,
      },
      'unknown:runtime',
    ],
  ],
});
