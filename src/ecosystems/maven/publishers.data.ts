/** A publisher whose jars carry no coordinates, though the names of the jars and of the packages in them tell. */
export interface Publisher {
  readonly group: string;
  /** Where classes of the jar lie; without such classes the name alone says nothing. */
  readonly directories: readonly string[];
  /** Artifact ids, without the suffix for a Scala version. */
  readonly artifacts: string;
  /** First and last major version under this group, where the group has changed. */
  readonly majors?: readonly [first: number, last: number];
}

/** Published under groups of their own name, by builds that left no metadata. */
const commons =
  'beanutils chain cli codec collections configuration dbcp digester discovery fileupload httpclient io jelly lang logging net ' +
  'pool validator';

/**
 * Jars that are built without Maven and published with coordinates, from the jars themselves: each name below was, or
 * its siblings of the same build were, compared with the coordinates it was fetched by.
 */
export const publishers: readonly Publisher[] = [
  {
    group: 'org.springframework',
    directories: ['org/springframework'],
    artifacts:
      'spring-aop spring-aspects spring-beans spring-context spring-context-indexer spring-context-support spring-core ' +
      'spring-expression spring-instrument spring-jcl spring-jdbc spring-jms spring-messaging spring-orm spring-oxm ' +
      'spring-r2dbc spring-test spring-tx spring-web spring-webflux spring-webmvc spring-webmvc-portlet spring-websocket',
  },
  {
    group: 'org.springframework.boot',
    directories: ['org/springframework/boot'],
    artifacts:
      'spring-boot spring-boot-actuator spring-boot-actuator-autoconfigure spring-boot-autoconfigure spring-boot-devtools ' +
      'spring-boot-loader spring-boot-test spring-boot-test-autoconfigure',
  },
  {
    group: 'org.springframework.security',
    directories: ['org/springframework/security'],
    artifacts:
      'spring-security-acl spring-security-aspects spring-security-cas spring-security-config spring-security-core ' +
      'spring-security-crypto spring-security-data spring-security-ldap spring-security-messaging ' +
      'spring-security-oauth2-client spring-security-oauth2-core spring-security-oauth2-jose ' +
      'spring-security-oauth2-resource-server spring-security-openid spring-security-remoting spring-security-rsocket ' +
      'spring-security-saml2-service-provider spring-security-taglibs spring-security-test spring-security-web',
  },
  {
    group: 'org.apache.tomcat',
    directories: [
      'org/apache/catalina',
      'org/apache/coyote',
      'org/apache/jasper',
      'org/apache/juli',
      'org/apache/tomcat',
    ],
    artifacts:
      'tomcat-api tomcat-catalina tomcat-catalina-ant tomcat-catalina-ha tomcat-coyote tomcat-dbcp tomcat-jasper tomcat-jdbc ' +
      'tomcat-jni tomcat-juli tomcat-ssi tomcat-storeconfig tomcat-tribes tomcat-util tomcat-util-scan tomcat-websocket',
  },
  {
    group: 'org.apache.tomcat.embed',
    directories: ['org/apache/catalina', 'org/apache/el', 'org/apache/jasper', 'org/apache/tomcat'],
    artifacts: 'tomcat-embed-core tomcat-embed-el tomcat-embed-jasper tomcat-embed-websocket',
  },
  {
    group: 'org.elasticsearch',
    directories: ['org/elasticsearch'],
    artifacts: 'elasticsearch elasticsearch-cli elasticsearch-core elasticsearch-x-content',
  },
  {
    group: 'org.apache.kafka',
    directories: ['org/apache/kafka', 'kafka'],
    artifacts:
      'connect-api connect-basic-auth-extension connect-file connect-json connect-mirror connect-mirror-client ' +
      'connect-runtime connect-transforms kafka kafka-clients kafka-log4j-appender kafka-metadata kafka-raft ' +
      'kafka-server-common kafka-storage kafka-streams kafka-tools',
  },
  {
    group: 'org.apache.lucene',
    directories: ['org/apache/lucene'],
    artifacts:
      'lucene-analyzers-common lucene-backward-codecs lucene-classification lucene-core lucene-grouping lucene-highlighter ' +
      'lucene-join lucene-memory lucene-misc lucene-queries lucene-queryparser lucene-sandbox lucene-spatial3d lucene-suggest',
  },
  {
    group: 'org.apache.solr',
    directories: ['org/apache/solr'],
    artifacts: 'solr-core solr-dataimporthandler solr-solrj solr-velocity',
  },
  { group: 'org.apache.cassandra', directories: ['org/apache/cassandra'], artifacts: 'cassandra-all' },
  { group: 'org.apache.derby', directories: ['org/apache/derby'], artifacts: 'derby derbyclient derbynet derbytools' },
  { group: 'xerces', directories: ['org/apache/xerces'], artifacts: 'xercesImpl' },
  { group: 'mysql', directories: ['com/mysql'], artifacts: 'mysql-connector-java' },
  { group: 'com.mysql', directories: ['com/mysql'], artifacts: 'mysql-connector-j' },
  { group: 'com.h2database', directories: ['org/h2'], artifacts: 'h2' },
  {
    group: 'com.squareup.okhttp3',
    directories: ['okhttp3'],
    artifacts: 'logging-interceptor okhttp okhttp-urlconnection',
  },
  { group: 'com.squareup.okio', directories: ['okio'], artifacts: 'okio okio-jvm' },
  {
    group: 'org.jetbrains.kotlin',
    directories: ['kotlin'],
    artifacts: 'kotlin-reflect kotlin-stdlib kotlin-stdlib-jdk7 kotlin-stdlib-jdk8',
  },
  {
    group: 'io.projectreactor.netty',
    directories: ['reactor/netty'],
    artifacts: 'reactor-netty reactor-netty-core reactor-netty-http',
  },
  { group: 'io.projectreactor', directories: ['reactor/core'], artifacts: 'reactor-core' },
  {
    group: 'io.micrometer',
    directories: ['io/micrometer'],
    artifacts: 'micrometer-commons micrometer-core micrometer-observation micrometer-registry-prometheus',
  },
  {
    group: 'io.grpc',
    directories: ['io/grpc'],
    artifacts:
      'grpc-api grpc-auth grpc-context grpc-core grpc-netty grpc-netty-shaded grpc-okhttp grpc-protobuf grpc-protobuf-lite ' +
      'grpc-services grpc-stub grpc-xds',
  },
  ...commons.split(' ').map((name) => {
    const artifact = `commons-${name}`;
    return { group: artifact, directories: ['org/apache/commons'], artifacts: artifact };
  }),
  { group: 'log4j', directories: ['org/apache/log4j'], artifacts: 'log4j' },
  { group: 'junit', directories: ['junit', 'org/junit'], artifacts: 'junit' },
  { group: 'org.apache.velocity', directories: ['org/apache/velocity'], artifacts: 'velocity velocity-tools' },
  { group: 'org.jdom', directories: ['org/jdom', 'org/jdom2'], artifacts: 'jdom jdom2' },
  { group: 'org.scala-lang', directories: ['scala'], artifacts: 'scala-compiler scala-library scala-reflect' },
  { group: 'asm', directories: ['org/objectweb/asm'], artifacts: 'asm asm-commons asm-tree', majors: [0, 3] },
  { group: 'org.ow2.asm', directories: ['org/objectweb/asm'], artifacts: 'asm asm-commons asm-tree', majors: [4, 99] },
  { group: 'org.codehaus.groovy', directories: ['groovy'], artifacts: 'groovy groovy-all', majors: [0, 3] },
  { group: 'org.apache.groovy', directories: ['groovy'], artifacts: 'groovy groovy-all', majors: [4, 99] },
];
