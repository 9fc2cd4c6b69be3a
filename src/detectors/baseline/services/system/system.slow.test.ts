import { program, testChecks } from '../../../../../test/support/check-cases.ts';

const vsftpd = { 'usr/sbin/vsftpd': program };
const hdfs = { 'opt/hadoop/bin/hdfs': program };
const site = (name: string, value: string): string =>
  `<?xml version="1.0"?>\n<configuration><property><name>${name}</name><value>${value}</value></property></configuration>\n`;
const kubelet = { 'usr/bin/kubelet': program };
const kubeletConfig = (anonymous: boolean, mode: string): string =>
  `kind: KubeletConfiguration\nauthentication:\n  anonymous:\n    enabled: ${anonymous}\nauthorization:\n  mode: ${mode}\n`;
const grafana = { 'usr/sbin/grafana-server': program };
const prometheus = { 'bin/prometheus': program };
const supervisor = { 'usr/bin/supervisord': program };

testChecks({
  'SV-019': [
    ['absent', { 'etc/vsftpd.conf': 'anonymous_enable=YES\n' }, 'not_applicable'],
    ['default', { ...vsftpd, 'etc/vsftpd.conf': '#anonymous_enable=NO\n' }, 'fail:medium'],
    ['anonymous', { ...vsftpd, 'etc/vsftpd.conf': 'anonymous_enable=YES\nanon_upload_enable=YES\n' }, 'fail:high'],
    ['named', { ...vsftpd, 'etc/vsftpd.conf': 'anonymous_enable=NO\nanon_upload_enable=YES\n' }, 'pass'],
    [
      'ProFTPD',
      { 'usr/sbin/proftpd': program, 'etc/proftpd/proftpd.conf': '<Anonymous ~ftp>\nUser ftp\n</Anonymous>\n' },
      'fail:high',
    ],
    ['ProFTPD commented', { 'usr/sbin/proftpd': program, 'etc/proftpd/proftpd.conf': '# <Anonymous ~ftp>\n' }, 'pass'],
    ['Pure-FTPd', { 'usr/sbin/pure-ftpd': program, 'etc/pure-ftpd/conf/NoAnonymous': 'no\n' }, 'fail:high'],
    ['Pure-FTPd named', { 'usr/sbin/pure-ftpd': program, 'etc/pure-ftpd/conf/NoAnonymous': 'yes\n' }, 'pass'],
  ],
  'SV-020': [
    ['absent', { 'etc/rsyncd.conf': '[data]\npath = /data\n' }, 'not_applicable'],
    ['a client only', { 'usr/bin/rsync': program }, 'pass'],
    ['module', { 'usr/bin/rsync': program, 'etc/rsyncd.conf': 'uid = nobody\n[data]\npath = /data\n' }, 'fail:high'],
    ['module with users', { 'usr/bin/rsync': program, 'etc/rsyncd.conf': '[data]\nauth users = backup\n' }, 'pass'],
    [
      'users for all',
      { 'usr/bin/rsync': program, 'etc/rsyncd.conf': 'auth users = backup\n[data]\npath = /data\n' },
      'pass',
    ],
    [
      'one of two modules',
      { 'usr/bin/rsync': program, 'etc/rsyncd.conf': '[a]\nauth users = b\n[data]\npath = /data\n' },
      'fail:high',
    ],
    ['this machine only', { 'usr/bin/rsync': program, 'etc/rsyncd.conf': '[data]\nhosts allow = 127.0.0.1\n' }, 'pass'],
    ['exports', { 'usr/sbin/exportfs': program, 'etc/exports': '/srv *(rw,no_root_squash)\n' }, 'fail:high'],
    [
      'exports, ordinary',
      { 'usr/sbin/exportfs': program, 'etc/exports': '# no_root_squash\n/srv *(rw,sync)\n' },
      'pass',
    ],
    ['community', { 'usr/sbin/snmpd': program, 'etc/snmp/snmpd.conf': 'rocommunity public\n' }, 'fail:high'],
    [
      'community of old',
      { 'usr/sbin/snmpd': program, 'etc/snmp/snmpd.conf': 'com2sec notConfigUser default public\n' },
      'fail:high',
    ],
    [
      'community for this machine',
      { 'usr/sbin/snmpd': program, 'etc/snmp/snmpd.conf': 'rwcommunity private localhost\n' },
      'pass',
    ],
    [
      'as Debian ships it',
      {
        'usr/sbin/snmpd': program,
        'etc/snmp/snmpd.conf': 'agentaddress 127.0.0.1,[::1]\nrocommunity public default -V systemonly\n',
      },
      'pass',
    ],
    ['another community', { 'usr/sbin/snmpd': program, 'etc/snmp/snmpd.conf': 'rocommunity made-up-one\n' }, 'pass'],
  ],
  'SV-021': [
    ['yarn of JavaScript', { 'usr/local/bin/yarn': program, 'opt/yarn/bin/yarn': program }, 'not_applicable'],
    ['absent', {}, 'not_applicable'],
    ['default', hdfs, 'fail:medium'],
    [
      'simple',
      { ...hdfs, 'opt/hadoop/etc/hadoop/core-site.xml': site('hadoop.security.authentication', 'simple') },
      'fail:high',
    ],
    [
      'Kerberos',
      { ...hdfs, 'opt/hadoop/etc/hadoop/core-site.xml': site('hadoop.security.authentication', 'kerberos') },
      'pass',
    ],
    [
      'open interface',
      { ...hdfs, 'opt/hadoop/etc/hadoop/yarn-site.xml': site('yarn.resourcemanager.webapp.address', '0.0.0.0:8088') },
      'fail:high',
    ],
    ['Spark as a library', { 'opt/spark/sbin/start-master.sh': program }, 'pass'],
    [
      'Spark master',
      { 'opt/spark/sbin/start-master.sh': program },
      'fail:medium',
      { Cmd: ['/opt/spark/sbin/start-master.sh'] },
    ],
    [
      'Spark with a secret',
      { 'opt/spark/sbin/start-master.sh': program, 'opt/spark/conf/spark-defaults.conf': 'spark.authenticate true\n' },
      'pass',
      { Cmd: ['/opt/spark/sbin/start-master.sh'] },
    ],
    [
      'Spark without',
      { 'opt/spark/sbin/start-master.sh': program, 'opt/spark/conf/spark-defaults.conf': 'spark.authenticate false\n' },
      'fail:high',
    ],
  ],
  'SV-023': [
    ['absent', {}, 'not_applicable'],
    ['default', kubelet, 'fail:medium'],
    ['safe', { ...kubelet, 'var/lib/kubelet/config.yaml': kubeletConfig(false, 'Webhook') }, 'pass'],
    ['anonymous', { ...kubelet, 'var/lib/kubelet/config.yaml': kubeletConfig(true, 'Webhook') }, 'fail:high'],
    ['everything', { ...kubelet, 'var/lib/kubelet/config.yaml': kubeletConfig(false, 'AlwaysAllow') }, 'fail:high'],
    ['command', kubelet, 'fail:high', { Cmd: ['kubelet', '--anonymous-auth=true'] }],
    [
      'command over default',
      kubelet,
      'pass',
      { Cmd: ['kubelet', '--anonymous-auth=false', '--authorization-mode=Webhook'] },
    ],
    [
      'kubeconfig with a key',
      { 'root/.kube/config': 'kind: Config\nusers:\n- name: a\n  user:\n    client-key-data: bWFkZSB1cA==\n' },
      'fail:high',
    ],
    [
      'kubeconfig with a path',
      { 'root/.kube/config': 'kind: Config\nusers:\n- name: a\n  user:\n    client-key: /run/key.pem\n' },
      'pass',
    ],
  ],
  'SV-024': [
    ['absent', { 'etc/grafana/grafana.ini': '[security]\nadmin_password = admin\n' }, 'not_applicable'],
    ['default', { ...grafana, 'etc/grafana/grafana.ini': '[security]\n;admin_password = admin\n' }, 'fail:low'],
    ['shipped', { ...grafana, 'etc/grafana/grafana.ini': '[security]\nadmin_password = admin\n' }, 'fail:medium'],
    ['changed', { ...grafana, 'etc/grafana/grafana.ini': '[security]\nadmin_password = """made-up;one"""\n' }, 'pass'],
    [
      'from outside',
      { ...grafana, 'etc/grafana/grafana.ini': '[security]\nadmin_password = $__env{ADMIN}\n' },
      'unknown:runtime',
    ],
    ['variable', grafana, 'fail:medium', { Env: ['GF_SECURITY_ADMIN_PASSWORD=admin'] }],
    [
      'strangers edit',
      {
        ...grafana,
        'etc/grafana/grafana.ini':
          '[security]\nadmin_password = made-up-one\n[auth.anonymous]\nenabled = true\norg_role = Editor\n',
      },
      'fail:medium',
    ],
    [
      'strangers look',
      {
        ...grafana,
        'etc/grafana/grafana.ini':
          '[security]\nadmin_password = made-up-one\n[auth.anonymous]\nenabled = true\norg_role = Viewer\n',
      },
      'pass',
    ],
    [
      'strangers by variable',
      grafana,
      'fail:medium',
      {
        Env: [
          'GF_AUTH_ANONYMOUS_ENABLED=true',
          'GF_AUTH_ANONYMOUS_ORG_ROLE=Admin',
          'GF_SECURITY_ADMIN_PASSWORD=made-up-one',
        ],
      },
    ],
  ],
  'SV-025': [
    ['absent', {}, 'not_applicable'],
    [
      'default',
      prometheus,
      'pass',
      { Entrypoint: ['/bin/prometheus'], Cmd: ['--config.file=/etc/prometheus/prometheus.yml'] },
    ],
    ['administration', prometheus, 'fail:medium', { Entrypoint: ['/bin/prometheus'], Cmd: ['--web.enable-admin-api'] }],
    ['life cycle', prometheus, 'fail:medium', { Cmd: ['sh', '-c', 'prometheus --web.enable-lifecycle'] }],
    [
      'with users',
      prometheus,
      'pass',
      { Cmd: ['prometheus', '--web.enable-lifecycle', '--web.config.file=/etc/web.yml'] },
    ],
    [
      'loopback',
      prometheus,
      'pass',
      { Cmd: ['prometheus', '--web.enable-lifecycle', '--web.listen-address=127.0.0.1:9090'] },
    ],
    [
      'file of the service',
      { ...prometheus, 'etc/default/prometheus': 'ARGS="--web.enable-admin-api"\n' },
      'fail:medium',
    ],
    ['Alertmanager', { 'bin/alertmanager': program }, 'fail:low', { Entrypoint: ['/bin/alertmanager'] }],
    [
      'Alertmanager with users',
      { 'bin/alertmanager': program },
      'pass',
      { Entrypoint: ['/bin/alertmanager'], Cmd: ['--web.config.file=/etc/web.yml'] },
    ],
  ],
  'SV-026': [
    ['absent', { 'etc/supervisord.conf': '[inet_http_server]\nport=9001\n' }, 'not_applicable'],
    [
      'socket only',
      { ...supervisor, 'etc/supervisor/supervisord.conf': '[unix_http_server]\nfile=/run/s.sock\n' },
      'pass',
    ],
    ['open', { ...supervisor, 'etc/supervisord.conf': '[inet_http_server]\nport=*:9001\n' }, 'fail:high'],
    [
      'open by number',
      { ...supervisor, 'etc/supervisord.conf': '[inet_http_server]\nport = 9001 ; all\n' },
      'fail:high',
    ],
    ['loopback', { ...supervisor, 'etc/supervisord.conf': '[inet_http_server]\nport=127.0.0.1:9001\n' }, 'fail:medium'],
    [
      'password',
      { ...supervisor, 'etc/supervisord.conf': '[inet_http_server]\nport=:9001\nusername=a\npassword=made-up-one\n' },
      'pass',
    ],
    [
      'known password',
      { ...supervisor, 'etc/supervisord.conf': '[inet_http_server]\nport=:9001\nusername=user\npassword=123\n' },
      'fail:high',
    ],
    [
      'from outside',
      { ...supervisor, 'etc/supervisord.conf': '[inet_http_server]\nport=:9001\npassword=%(ENV_PASS)s\n' },
      'pass',
    ],
  ],
});
