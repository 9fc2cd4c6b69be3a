import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factLayers, type LayerFiles } from '../../../test/support/fact-layers.ts';
import { mavenLockFiles } from './catalog.ts';
import { lockFilesVisitor } from './lock-files.ts';

async function declared(...layers: LayerFiles[]) {
  const known = await factLayers(lockFilesVisitor, layers);
  const { packages, diagnostics } = mavenLockFiles.coalesce({ ...known, os: undefined });
  assert.ok(packages.every(({ scope }) => scope === 'declared'));
  return {
    packages: packages.map(({ name, version, locations }) => `${name}@${version} ${locations[0]?.path}`).sort(),
    problems: diagnostics.map(({ code, path, partial }) => `${code} ${path} ${partial}`),
  };
}

test('lock files of Gradle', async () => {
  const lock =
    '# This is a Gradle generated file for dependency locking.\n# Manual edits can break the build.\n' +
    'com.google.guava:guava:31.1-jre=compileClasspath,runtimeClasspath\norg.x:bad:1:2=a\nempty=annotationProcessor\n';
  const older = 'org.y:y:2.0\n';
  const files = { 'src/gradle.lockfile': lock, 'src/gradle/dependency-locks/compileClasspath.lockfile': older };
  assert.deepEqual(await declared({ ...files, 'src/other.lockfile': older }), {
    packages: [
      'com.google.guava:guava@31.1-jre src/gradle.lockfile',
      'org.y:y@2.0 src/gradle/dependency-locks/compileClasspath.lockfile',
    ],
    problems: [],
  });
});

test('lock files of sbt', async () => {
  const lock = {
    lockVersion: 1,
    configurations: ['compile'],
    dependencies: [
      { org: 'com.typesafe.akka', name: 'akka-actor_2.13', version: '2.6.18', artifacts: [] },
      { org: 1 },
      null,
    ],
  };
  assert.deepEqual(await declared({ 'build.sbt.lock': JSON.stringify(lock), 'b.sbt.lock': '[]', 'c.sbt.lock': '{' }), {
    packages: ['com.typesafe.akka:akka-actor_2.13@2.6.18 build.sbt.lock'],
    problems: ['package_invalid_metadata b.sbt.lock true', 'package_invalid_metadata c.sbt.lock true'],
  });
});

test('dependencies of a POM: with a version of their own, not for tests', async () => {
  const dependency = (artifact: string, rest: string): string =>
    `<dependency><groupId>org.x</groupId><artifactId>${artifact}</artifactId>${rest}</dependency>`;
  const pom =
    '<project><properties><v>1.2</v></properties><dependencyManagement><dependencies>' +
    `${dependency('managed', '<version>9</version>')}</dependencies></dependencyManagement><dependencies>` +
    dependency('a', '<version>\u0024{v}</version>') +
    dependency('b', '<version>2</version><exclusions><exclusion><groupId>z</groupId></exclusion></exclusions>') +
    dependency('c', '<version>3</version><scope>test</scope>') +
    dependency('d', '<version>[1,2)</version>') +
    dependency('e', '') +
    dependency('f', '<version>\u0024{elsewhere}</version>') +
    '</dependencies></project>';
  assert.deepEqual(await declared({ 'src/pom.xml': pom, 'src/notpom.xml': pom }), {
    packages: ['org.x:a@1.2 src/pom.xml', 'org.x:b@2 src/pom.xml'],
    problems: [],
  });
  assert.deepEqual(await declared({ 'pom.xml': '<!DOCTYPE a><project/>' }), {
    packages: [],
    problems: ['package_invalid_metadata pom.xml true'],
  });
});

test('a lock file that a later layer removed declares nothing', async () => {
  assert.deepEqual(await declared({ 'gradle.lockfile': 'a:b:1=c\n' }, { 'gradle.lockfile': null }), {
    packages: [],
    problems: [],
  });
});
