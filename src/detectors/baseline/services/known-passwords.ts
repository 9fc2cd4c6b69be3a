/** Passwords that products ship or manuals show: whoever tries to get in tries these first. */
export const knownPasswords: readonly string[] = [
  ...['admin', 'administrator', 'root', 'user', 'guest', 'test', 'manager', 'system', 'default', 'public', 'private'],
  ...['password', 'passwd', 'pass', 'secret', 's3cret', 'changeit', 'changeme', '<must-be-changed>', 'letmein'],
  ...['1234', '12345', '123456', '12345678', '123456789', '1234567890', '111111', '000000', 'qwerty', 'abc123'],
  ...['admin123', 'admin@123', 'Admin123', 'root123', 'password1', 'Password1', 'passw0rd', 'P@ssw0rd', 'welcome'],
  ...['tomcat', 'both', 'role1', 'weblogic', 'weblogic1', 'welcome1', 'jboss', 'artemis', 'activemq', 'rabbitmq'],
  ...['nacos', 'grafana', 'jenkins', 'kafka', 'redis', 'mysql', 'postgres', 'elastic', 'couchdb', 'mongo', 'jupyter'],
];
