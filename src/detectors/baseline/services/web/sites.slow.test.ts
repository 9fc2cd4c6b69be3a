import { createHash } from 'node:crypto';
import { program, testChecks } from '../../../../../test/support/check-cases.ts';

const php = { 'usr/local/bin/php': program };
const nginx = { 'usr/sbin/nginx': program };
const apache = { 'usr/sbin/apache2': program };
const server = (body: string): string => `http {\n  server_tokens off;\n  server {\n    ${body}\n  }\n}\n`;
const jupyter = { 'usr/local/bin/jupyter': program };
const java = { 'usr/bin/java': program };
const hash = (text: string): string => createHash('md5').update(text).digest('hex');

testChecks({
  'SV-017': [
    ['absent', { 'etc/php.ini': 'allow_url_include = On\n' }, 'not_applicable'],
    ['default', php, 'fail:low'],
    [
      'production',
      {
        ...php,
        'usr/local/etc/php/php.ini': 'display_errors = Off\nexpose_php = Off\ndisable_functions = exec,system\n',
      },
      'pass',
    ],
    ['remote code', { ...php, 'etc/php/8.2/cli/php.ini': '[PHP]\nallow_url_include = On ; no\n' }, 'fail:high'],
    ['errors', { ...php, 'etc/php/8.2/cli/php.ini': 'display_errors = On\n' }, 'fail:low'],
    ['functions', { ...php, 'etc/php/8.2/cli/php.ini': 'disable_functions =\n' }, 'fail:low'],
    [
      'phpMyAdmin',
      {
        ...php,
        'etc/php.ini': '',
        'usr/share/phpmyadmin/config.inc.php': "<?php\n$cfg['Servers'][$i]['AllowNoPassword'] = true;\n",
      },
      'fail:high',
    ],
    [
      'phpMyAdmin, safe',
      {
        ...php,
        'etc/php.ini': '',
        'usr/share/phpmyadmin/config.inc.php':
          "<?php\n// $cfg['Servers'][$i]['AllowNoPassword'] = true;\n$cfg['Servers'][$i]['AllowNoPassword'] = false;\n",
      },
      'pass',
    ],
  ],
  'SV-018': [
    ['absent', { 'etc/nginx/nginx.conf': 'autoindex on;\n' }, 'not_applicable'],
    ['default', { ...nginx, 'etc/nginx/nginx.conf': 'http { }\n' }, 'fail:low'],
    ['quiet', { ...nginx, 'etc/nginx/nginx.conf': server('location /x/ { alias /y/; }') }, 'pass'],
    ['traversal', { ...nginx, 'etc/nginx/nginx.conf': server('location /x { alias /y/; }') }, 'fail:medium'],
    [
      'traversal, prefix first',
      { ...nginx, 'etc/nginx/nginx.conf': server('location ^~ /x { alias "/y/"; }') },
      'fail:medium',
    ],
    ['alias without slash', { ...nginx, 'etc/nginx/nginx.conf': server('location /x { alias /y; }') }, 'pass'],
    ['exact location', { ...nginx, 'etc/nginx/nginx.conf': server('location = /x { alias /y/; }') }, 'pass'],
    ['commented', { ...nginx, 'etc/nginx/nginx.conf': server('# location /x { alias /y/; }') }, 'pass'],
    ['listings', { ...nginx, 'etc/nginx/conf.d/a.conf': server('autoindex on;') }, 'fail:low'],
    ['version', { ...nginx, 'etc/nginx/nginx.conf': 'http { server_tokens on; }\n' }, 'fail:low'],
    [
      'site that is not enabled',
      { ...nginx, 'etc/nginx/nginx.conf': server(''), 'etc/nginx/sites-available/a': server('autoindex on;') },
      'pass',
    ],
    [
      'site that is',
      {
        ...nginx,
        'etc/nginx/nginx.conf': server(''),
        'etc/nginx/sites-available/a': server('autoindex on;'),
        'etc/nginx/sites-enabled/a': { type: 'symlink', link: '../sites-available/a' },
      },
      'fail:low',
    ],
    ['Apache by default', { ...apache, 'etc/apache2/apache2.conf': 'ServerName a\n' }, 'fail:low'],
    [
      'Apache, quiet',
      {
        ...apache,
        'etc/apache2/apache2.conf':
          'TraceEnable Off\n<Directory /var/www>\nOptions -Indexes +FollowSymLinks\n</Directory>\n',
      },
      'pass',
    ],
    [
      'Apache listings',
      {
        ...apache,
        'etc/apache2/apache2.conf':
          'TraceEnable Off\n<Directory /var/www>\nOptions Indexes FollowSymLinks\n</Directory>\n',
      },
      'fail:low',
    ],
  ],
  'SV-022': [
    ['absent', {}, 'not_applicable'],
    ['default', jupyter, 'pass', { Cmd: ['jupyter', 'lab', '--ip=0.0.0.0'] }],
    ['empty token', jupyter, 'fail:high', { Cmd: ['jupyter', 'notebook', "--NotebookApp.token=''"] }],
    [
      'empty token in a shell',
      jupyter,
      'fail:high',
      { Cmd: ['sh', '-c', "jupyter lab --ServerApp.token='' --ServerApp.password=''"] },
    ],
    [
      'empty token and a password',
      jupyter,
      'pass',
      { Cmd: ['jupyter', 'lab', '--ServerApp.token=', '--ServerApp.password=argon2:made-up'] },
    ],
    [
      'file',
      { ...jupyter, 'root/.jupyter/jupyter_notebook_config.py': "c = get_config()\nc.NotebookApp.token = ''\n" },
      'fail:high',
    ],
    [
      'file with a password',
      {
        ...jupyter,
        'root/.jupyter/jupyter_notebook_config.py':
          "c.NotebookApp.token = ''\nc.NotebookApp.password = u'sha1:made:up'\n",
      },
      'pass',
    ],
    ['JSON', { ...jupyter, 'root/.jupyter/jupyter_server_config.json': '{"ServerApp":{"token":""}}' }, 'fail:high'],
    ['commented', { ...jupyter, 'root/.jupyter/jupyter_notebook_config.py': "# c.NotebookApp.token = ''\n" }, 'pass'],
    [
      'code-server',
      {
        'usr/bin/code-server': program,
        'root/.config/code-server/config.yaml': 'bind-addr: 0.0.0.0:8080\nauth: none\n',
      },
      'fail:high',
    ],
    [
      'code-server on loopback',
      {
        'usr/bin/code-server': program,
        'root/.config/code-server/config.yaml': 'bind-addr: 127.0.0.1:8080\nauth: none\n',
      },
      'pass',
    ],
    [
      'code-server with a known password',
      { 'usr/bin/code-server': program, 'root/.config/code-server/config.yaml': 'auth: password\npassword: 123456\n' },
      'fail:high',
    ],
    [
      'code-server command',
      { 'usr/bin/code-server': program },
      'fail:high',
      { Cmd: ['code-server', '--auth', 'none', '--bind-addr', '0.0.0.0:80'] },
    ],
  ],
  'SV-027': [
    ['absent', {}, 'not_applicable', { Env: ['X=-agentlib:jdwp=transport=dt_socket,server=y,address=*:5005'] }],
    ['ordinary', java, 'pass', { Cmd: ['java', '-jar', '/a.jar'] }],
    [
      'debugger',
      java,
      'fail:high',
      { Env: ['JAVA_TOOL_OPTIONS=-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005'] },
    ],
    [
      'debugger in the command',
      java,
      'fail:high',
      { Cmd: ['sh', '-c', 'java -agentlib:jdwp=transport=dt_socket,server=y,address=0.0.0.0:8000 -jar a.jar'] },
    ],
    [
      'debugger on loopback',
      java,
      'pass',
      { Env: ['JAVA_OPTS=-agentlib:jdwp=transport=dt_socket,server=y,address=127.0.0.1:5005'] },
    ],
    [
      'port alone, Java 17',
      java,
      'pass',
      { Env: ['JAVA_VERSION=jdk-17.0.9+9', 'JAVA_OPTS=-agentlib:jdwp=transport=dt_socket,server=y,address=5005'] },
    ],
    [
      'port alone, Java 8',
      java,
      'fail:high',
      { Env: ['JAVA_VERSION=8u392', 'JAVA_OPTS=-agentlib:jdwp=transport=dt_socket,server=y,address=5005'] },
    ],
    [
      'JMX',
      java,
      'fail:high',
      { Env: ['JAVA_OPTS=-Dcom.sun.management.jmxremote.port=9010 -Dcom.sun.management.jmxremote.authenticate=false'] },
    ],
    [
      'JMX with passwords',
      java,
      'pass',
      { Env: ['JAVA_OPTS=-Dcom.sun.management.jmxremote.port=9010 -Dcom.sun.management.jmxremote.authenticate=true'] },
    ],
    [
      'JMX on loopback',
      java,
      'pass',
      {
        Env: [
          'JAVA_OPTS=-Dcom.sun.management.jmxremote.port=9010 -Dcom.sun.management.jmxremote.host=127.0.0.1 -Dcom.sun.management.jmxremote.authenticate=false',
        ],
      },
    ],
    [
      'WildFly',
      {
        ...java,
        'opt/wildfly/standalone/configuration/mgmt-users.properties': `admin=${hash('admin:ManagementRealm:admin')}\n`,
      },
      'fail:high',
    ],
    [
      'WildFly, changed',
      {
        ...java,
        'opt/wildfly/standalone/configuration/mgmt-users.properties': `admin=${hash('admin:ManagementRealm:Made.Up-One')}\n`,
      },
      'pass',
    ],
    [
      'WebLogic',
      { ...java, 'u01/servers/AdminServer/security/boot.properties': 'username=weblogic\npassword=welcome1\n' },
      'fail:high',
    ],
    [
      'WebLogic, encrypted',
      { ...java, 'u01/servers/AdminServer/security/boot.properties': 'username={AES}aa=\npassword={AES}bb=\n' },
      'pass',
    ],
  ],
});
