import { createHash } from 'node:crypto';
import { program, testChecks } from '../../../../../test/support/check-cases.ts';

const tomcat = { 'usr/local/tomcat/bin/catalina.sh': program };
const users = (password: string, roles: string): string =>
  `<?xml version='1.0' encoding='utf-8'?>\n<tomcat-users xmlns="http://tomcat.apache.org/xml">\n<!-- <user username="x" password="tomcat" roles="manager-gui"/> -->\n<user username="tomcat" password="${password}" roles="${roles}"/>\n</tomcat-users>\n`;
const connector = (more: string): string =>
  `<Server><Service name="Catalina"><Connector port="8080" protocol="HTTP/1.1"/><Connector protocol="AJP/1.3" port="8009" ${more}/></Service></Server>\n`;
const servlet = (value: string): string =>
  `<web-app><servlet><servlet-name>default</servlet-name><init-param><param-name>readonly</param-name><param-value>${value}</param-value></init-param></servlet></web-app>\n`;
const jenkins = { 'usr/share/jenkins/jenkins.war': 'PK' };
const jenkinsConfig = (security: boolean, strategy: string): string =>
  `<?xml version='1.1' encoding='UTF-8'?>\n<hudson>\n  <useSecurity>${security}</useSecurity>\n  <authorizationStrategy class="hudson.security.${strategy}"/>\n</hudson>\n`;
const registry = { 'bin/registry': program };
const registryConfig =
  'version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: /var/lib/registry\nhttp:\n  addr: :5000\n';
const spring = { 'app/pom.xml': '', 'var/lib/x': '' };
const php = { 'usr/local/bin/php': program };
const nginx = { 'usr/sbin/nginx': program };
const apache = { 'usr/sbin/apache2': program };
const server = (body: string): string => `http {\n  server_tokens off;\n  server {\n    ${body}\n  }\n}\n`;
const jupyter = { 'usr/local/bin/jupyter': program };
const java = { 'usr/bin/java': program };
const hash = (text: string): string => createHash('md5').update(text).digest('hex');

/** A reference of the program's own format. */
const variable = (name: string): string => `\${${name}}`;

testChecks({
  'SV-008': [
    ['absent', { 'etc/tomcat-users.xml': users('tomcat', 'manager-gui') }, 'not_applicable'],
    ['commented users', { ...tomcat, 'usr/local/tomcat/conf/tomcat-users.xml': users('tomcat', 'reader') }, 'pass'],
    [
      'shipped password',
      { ...tomcat, 'usr/local/tomcat/conf/tomcat-users.xml': users('s3cret', 'manager-gui') },
      'fail:high',
    ],
    [
      'another password',
      { ...tomcat, 'usr/local/tomcat/conf/tomcat-users.xml': users('Made.Up-One', 'manager-gui') },
      'pass',
    ],
    [
      'open manager',
      { ...tomcat, 'usr/local/tomcat/webapps/manager/META-INF/context.xml': '<Context privileged="true"/>' },
      'fail:high',
    ],
    [
      'guarded manager',
      {
        ...tomcat,
        'usr/local/tomcat/webapps/manager/META-INF/context.xml':
          '<Context><Valve className="org.apache.catalina.valves.RemoteAddrValve" allow="127\\.\\d+"/></Context>',
      },
      'pass',
    ],
    [
      'manager that is not served',
      { ...tomcat, 'usr/local/tomcat/webapps.dist/manager/META-INF/context.xml': '<Context/>' },
      'pass',
    ],
    ['uploads', { ...tomcat, 'usr/local/tomcat/conf/web.xml': servlet('false') }, 'fail:high'],
    ['no uploads', { ...tomcat, 'usr/local/tomcat/conf/web.xml': servlet('true') }, 'pass'],
    ['AJP', { ...tomcat, 'usr/local/tomcat/conf/server.xml': connector('secretRequired="false"') }, 'fail:high'],
    ['AJP with a secret', { ...tomcat, 'usr/local/tomcat/conf/server.xml': connector('secret="made-up-one"') }, 'pass'],
    ['AJP on loopback', { ...tomcat, 'usr/local/tomcat/conf/server.xml': connector('address="::1"') }, 'pass'],
    ['damaged', { ...tomcat, 'usr/local/tomcat/conf/server.xml': '<Server><Service>' }, 'unknown:unreadable'],
  ],
  'SV-009': [
    ['absent', { 'var/jenkins_home/config.xml': jenkinsConfig(false, 'X') }, 'not_applicable'],
    ['off', { ...jenkins, 'var/jenkins_home/config.xml': jenkinsConfig(false, 'X') }, 'fail:high'],
    [
      'unsecured',
      { ...jenkins, 'var/lib/jenkins/config.xml': jenkinsConfig(true, 'AuthorizationStrategy$Unsecured') },
      'fail:high',
    ],
    [
      'secured',
      {
        ...jenkins,
        'var/jenkins_home/config.xml': jenkinsConfig(true, 'FullControlOnceLoggedInAuthorizationStrategy'),
      },
      'pass',
    ],
    ['the wizard asks', jenkins, 'pass'],
    ['no wizard', jenkins, 'fail:medium', { Env: ['JAVA_OPTS=-Djenkins.install.runSetupWizard=false'] }],
  ],
  'SV-011': [
    ['absent', { 'etc/docker/registry/config.yml': registryConfig }, 'not_applicable'],
    ['open', { ...registry, 'etc/docker/registry/config.yml': registryConfig }, 'fail:medium'],
    [
      'htpasswd',
      {
        ...registry,
        'etc/docker/registry/config.yml': `${registryConfig}auth:\n  htpasswd:\n    realm: r\n    path: /p\n`,
      },
      'pass',
    ],
    [
      'silly',
      { ...registry, 'etc/docker/registry/config.yml': `${registryConfig}auth:\n  silly:\n    realm: r\n` },
      'fail:medium',
    ],
    [
      'variable',
      { ...registry, 'etc/docker/registry/config.yml': registryConfig },
      'pass',
      { Env: ['REGISTRY_AUTH=htpasswd'] },
    ],
    [
      'loopback',
      { ...registry, 'etc/docker/registry/config.yml': registryConfig },
      'pass',
      { Env: ['REGISTRY_HTTP_ADDR=localhost:5000'] },
    ],
    ['default', registry, 'fail:low'],
  ],
  'SV-015': [
    ['absent', {}, 'not_applicable'],
    [
      'everything',
      { ...spring, 'app/application.properties': 'management.endpoints.web.exposure.include=*\n' },
      'fail:high',
    ],
    [
      'everything in YAML',
      {
        ...spring,
        'app/config/application.yml': 'management:\n  endpoints:\n    web:\n      exposure:\n        include: "*"\n',
      },
      'fail:high',
    ],
    [
      'everything in a list',
      { ...spring, 'app/application-prod.yml': 'management.endpoints.web.exposure.include: [health, "*"]\n' },
      'fail:high',
    ],
    [
      'health only',
      {
        ...spring,
        'app/application.yml': 'management:\n  endpoints:\n    web:\n      exposure:\n        include: health,info\n',
      },
      'pass',
    ],
    [
      'shutdown',
      { ...spring, 'app/application.properties': 'management.endpoint.shutdown.enabled=true\n' },
      'fail:high',
    ],
    [
      'druid',
      {
        ...spring,
        'app/application.yml': 'spring:\n  datasource:\n    druid:\n      statViewServlet:\n        enabled: true\n',
      },
      'fail:high',
    ],
    [
      'druid with a login',
      {
        ...spring,
        'app/application.yml':
          'spring.datasource.druid.stat-view-servlet: {enabled: true, login-username: a, login-password: made-up-one}\n',
      },
      'pass',
    ],
    [
      'second document',
      {
        ...spring,
        'app/application.yml': 'spring.application.name: a\n---\nmanagement.endpoint.shutdown.enabled: true\n',
      },
      'fail:high',
    ],
    [
      'variable',
      { ...spring, 'app/application.yml': 'spring.application.name: a\n' },
      'fail:high',
      { Env: ['MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE=*'] },
    ],
    [
      'command',
      { ...spring, 'app/application.yml': 'spring.application.name: a\n' },
      'fail:high',
      { Cmd: ['java', '-jar', 'a.jar', '--management.endpoint.shutdown.enabled=true'] },
    ],
    [
      'default of a variable',
      {
        ...spring,
        'app/application.properties': `management.endpoints.web.exposure.include=${variable('EXPOSE:*')}\n`,
      },
      'fail:high',
    ],
    [
      'at run time',
      { ...spring, 'app/application.properties': `management.endpoints.web.exposure.include=${variable('EXPOSE')}\n` },
      'unknown:runtime',
    ],
  ],
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
