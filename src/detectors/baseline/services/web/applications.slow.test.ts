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
});
