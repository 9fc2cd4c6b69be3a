import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsOf, stemOf } from './file-name.ts';

/** Names of published files, with the coordinates they are published under. */
const names: readonly (readonly [file: string, artifact: string, version: string])[] = [
  ['lib/commons-text-1.9.jar', 'commons-text', '1.9'],
  ['guava-31.1-jre.jar', 'guava', '31.1-jre'],
  ['log4j-1.2-api-2.14.1.jar', 'log4j-1.2-api', '2.14.1'],
  ['hibernate-core-5.6.5.Final.jar', 'hibernate-core', '5.6.5.Final'],
  ['jboss-logging-3.4.1.Final-redhat-00001.jar', 'jboss-logging', '3.4.1.Final-redhat-00001'],
  ['jetty-server-9.4.44.v20210927.jar', 'jetty-server', '9.4.44.v20210927'],
  ['bcprov-jdk15on-1.66.jar', 'bcprov-jdk15on', '1.66'],
  ['kafka_2.13-2.8.0.jar', 'kafka_2.13', '2.8.0'],
  ['netty-transport-native-epoll-4.1.93.Final-linux-x86_64.jar', 'netty-transport-native-epoll', '4.1.93.Final'],
  ['json-lib-2.4-jdk15.jar', 'json-lib', '2.4'],
  ['scala-library-2.13.0-M5.jar', 'scala-library', '2.13.0-M5'],
  ['app-1.0-20210101.123456-1.jar', 'app', '1.0-20210101.123456-1'],
  ['app-1.0-SNAPSHOT-all.jar', 'app', '1.0-SNAPSHOT'],
  ['log4j-over-slf4j.jar', 'log4j-over-slf4j', ''],
  ['.jar', '.jar', ''],
];

test('artifact and version of published file names', () => {
  for (const [file, artifact, version] of names) assert.deepEqual(partsOf(stemOf(file)), { artifact, version }, file);
});
