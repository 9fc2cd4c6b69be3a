/**
 * What the mixed image holds of each packaging world: old versions with known vulnerabilities beside current neighbours, all
 * installed by the world's own tool. Changing a list makes new layers.
 */

/** Debian packages on top of a minimal system; together with their dependencies about 230. */
export const debianPackages = [
  'nginx',
  'openssh-server',
  'python3',
  'git',
  'postgresql-client',
  'ca-certificates',
  'openjdk-17-jre-headless',
  'ruby',
  'redis-server',
] as const;

export const npmPackages = [
  'lodash@4.17.20',
  'minimist@1.2.5',
  'express@4.17.1',
  'axios@0.21.0',
  'ws@7.4.5',
  'node-fetch@2.6.0',
  'jsonwebtoken@8.5.1',
  'moment@2.29.1',
  'handlebars@4.7.6',
  'webpack@5.90.0',
  'typescript@4.9.5',
  'aws-sdk@2.1000.0',
  'jest@29.5.0',
  'sequelize@6.6.0',
  'socket.io@4.4.0',
  'ejs@3.1.6',
  'semver@7.6.3',
] as const;

export const pythonPackages = [
  'django==3.2.0',
  'jinja2==2.11.2',
  'markupsafe==2.1.3',
  'requests==2.25.0',
  'urllib3==1.26.4',
  'pyyaml==6.0.1',
  'numpy==1.24.4',
  'pandas==1.5.3',
  'sqlalchemy==1.4.46',
  'cryptography==38.0.0',
  'pillow==9.4.0',
  'flask==1.1.2',
  'werkzeug==1.0.1',
  'tornado==6.2',
  'aiohttp==3.8.4',
  'scipy==1.10.1',
] as const;

/** `group:artifact:version`; without their dependencies. */
export const javaArtifacts = [
  'org.apache.logging.log4j:log4j-core:2.14.1',
  'org.apache.logging.log4j:log4j-api:2.17.1',
  'org.springframework:spring-core:5.3.0',
  'org.springframework:spring-webmvc:5.3.17',
  'com.fasterxml.jackson.core:jackson-databind:2.9.8',
  'com.fasterxml.jackson.core:jackson-core:2.15.2',
  'org.yaml:snakeyaml:1.26',
  'org.apache.commons:commons-text:1.9',
  'commons-io:commons-io:2.11.0',
  'commons-collections:commons-collections:3.2.1',
  'com.google.guava:guava:30.0-jre',
  'io.netty:netty-handler:4.1.50.Final',
  'io.netty:netty-codec-http:4.1.108.Final',
  'org.apache.tomcat.embed:tomcat-embed-core:9.0.30',
  'com.h2database:h2:1.4.199',
  'org.postgresql:postgresql:42.2.5',
  'mysql:mysql-connector-java:8.0.16',
  'org.apache.shiro:shiro-core:1.5.0',
  'org.eclipse.jetty:jetty-server:9.4.30.v20200611',
  'com.alibaba:fastjson:1.2.60',
  'org.apache.struts:struts2-core:2.5.20',
  'org.bouncycastle:bcprov-jdk15on:1.60',
  'org.scala-lang:scala-library:2.13.6',
  'org.apache.hadoop:hadoop-common:3.2.1',
  'org.apache.spark:spark-core_2.13:3.2.0',
  'org.elasticsearch:elasticsearch:7.10.0',
] as const;

/** Modules of one Go program, which imports a package of each. */
export const goModules = [
  ['golang.org/x/net', 'v0.7.0', 'golang.org/x/net/http2'],
  ['golang.org/x/text', 'v0.3.6', 'golang.org/x/text/language'],
  ['golang.org/x/crypto', 'v0.5.0', 'golang.org/x/crypto/ssh'],
  ['gopkg.in/yaml.v3', 'v3.0.0-20210107192922-496545a6307b', 'gopkg.in/yaml.v3'],
  ['github.com/gin-gonic/gin', 'v1.7.0', 'github.com/gin-gonic/gin'],
  ['google.golang.org/grpc', 'v1.50.0', 'google.golang.org/grpc'],
  ['github.com/golang-jwt/jwt/v4', 'v4.4.1', 'github.com/golang-jwt/jwt/v4'],
] as const;
