import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { json } from 'node:stream/consumers';
import { test } from 'node:test';
import type { ScanReport } from '../../src/findings/index.ts';
import { root } from '../arch/source-tree.ts';
import { temporaryDirectory } from '../support/debian-image.ts';
import { drydock } from '../support/drydock.ts';
import { type Artifact, fetchArtifacts, mavenArtifact } from '../support/maven.ts';
import { mustRun } from '../support/run.ts';
import { needs } from '../support/system.ts';

/** What is fetched, and where in the image it ends up. Vulnerable versions stand beside versions that are fixed. */
const placed: readonly (readonly [place: string, ...artifact: Artifact])[] = [
  ['opt/plain/*', 'org.apache.logging.log4j', 'log4j-core', '2.14.1'],
  ['opt/plain/*', 'org.apache.commons', 'commons-text', '1.10.0'],
  ['opt/plain/*', 'io.netty', 'netty-handler', '4.1.93.Final'],
  ['opt/plain/*', 'io.netty', 'netty-handler', '4.1.118.Final'],
  // Shaded as published: two libraries inside, each with its pom.properties.
  ['opt/plain/*', 'com.fasterxml.woodstox', 'woodstox-core', '6.3.1'],
  ['opt/plain/renamed.jar', 'org.yaml', 'snakeyaml', '2.0'],
  ['opt/plain/spring-beans.jar', 'org.springframework', 'spring-beans', '5.3.39'],
  ['opt/boot.jar!/BOOT-INF/lib/*', 'org.yaml', 'snakeyaml', '1.30'],
  ['opt/boot.jar!/BOOT-INF/lib/*', 'com.fasterxml.jackson.core', 'jackson-databind', '2.9.10'],
  ['opt/boot.jar!/BOOT-INF/lib/*', 'org.springframework', 'spring-beans', '5.3.16'],
  ['opt/boot.jar!/BOOT-INF/lib/*', 'org.apache.tomcat.embed', 'tomcat-embed-core', '9.0.58'],
  ['opt/run.jar!/BOOT-INF/lib/*', 'com.fasterxml.jackson.core', 'jackson-databind', '2.15.2'],
  ['srv/all.ear!/web.war!/WEB-INF/lib/*', 'com.google.guava', 'guava', '31.1-jre'],
  ['srv/all.ear!/web.war!/WEB-INF/lib/*', 'commons-collections', 'commons-collections', '3.2.1'],
  ['srv/all.ear!/lib/*', 'org.apache.logging.log4j', 'log4j-core', '2.17.1'],
  ['srv/all.ear!/lib/*', 'com.google.guava', 'guava', '32.1.3-jre'],
];
const shaded: readonly Artifact[] = [
  ['org.apache.commons', 'commons-text', '1.9'],
  ['org.apache.commons', 'commons-lang3', '3.12.0'],
  ['org.yaml', 'snakeyaml', '1.33'],
];

/** `name@version place` of all libraries, from the coordinates that they were fetched by. */
const expectedPackages: readonly string[] = [
  ...placed.map(([place, group, artifact, version]) => {
    return `${group}:${artifact}@${version} ${place.replace('*', `${artifact}-${version}.jar`)}`;
  }),
  ...[...shaded, ['org.example', 'shaded-app', '1.0']].map(([group, artifact, version]) => {
    return `${group}:${artifact}@${version} opt/shaded-app-1.0.jar`;
  }),
  'com.sun.xml.bind.jaxb:isorelax@20090621 opt/plain/woodstox-core-6.3.1.jar',
  'net.java.dev.msv:xsdlib@2013.6.1 opt/plain/woodstox-core-6.3.1.jar',
].sort();

/** Puts the files into archives with Java's own `jar`, as the plugins of Spring Boot and Maven lay them out. */
async function makeRootfs(directory: string, files: string): Promise<string> {
  const rootfs = join(directory, 'rootfs');
  const build = join(directory, 'build');
  for (const [place, , artifact, version] of placed) {
    const file = `${artifact}-${version}.jar`;
    const target = join(build, place.replaceAll('!', '.content').replace('*', file));
    mkdirSync(join(target, '..'), { recursive: true });
    copyFileSync(join(files, file), target);
  }
  const pack = async (options: string, archive: string, content: string): Promise<void> => {
    mkdirSync(join(build, archive, '..'), { recursive: true });
    await mustRun('jar', [options, join(build, archive), '-C', join(build, content), '.']);
  };
  await pack('cf0', 'opt/boot.jar', 'opt/boot.jar.content');
  await pack('cf0', 'opt/run.jar', 'opt/run.jar.content');
  await pack('cf', 'srv/all.ear.content/web.war', 'srv/all.ear.content/web.war.content');
  await mustRun('rm', ['-r', join(build, 'srv/all.ear.content/web.war.content')]);
  await pack('cf', 'srv/all.ear', 'srv/all.ear.content');
  // A jar that starts itself: a script in front of the archive.
  const plain = readFileSync(join(build, 'opt/run.jar'));
  writeFileSync(
    join(build, 'opt/run.jar'),
    Buffer.concat([Buffer.from('#!/bin/sh\nexec java -jar "$0" "$@"\n'), plain]),
  );
  chmodSync(join(build, 'opt/run.jar'), 0o755);
  await mustRun('rm', [
    '-r',
    ...['opt/boot.jar', 'opt/run.jar', 'srv/all.ear'].map((name) => join(build, `${name}.content`)),
  ]);
  copyFileSync(join(files, 'shaded-app-1.0.jar'), join(build, 'opt/shaded-app-1.0.jar'));
  await mustRun('mv', [build, rootfs]);
  return rootfs;
}

type Match = readonly [name: string, version: string, ids: readonly string[], fixed: string | null];

async function expectedMatches(archive: string, files: string, packages: readonly string[]): Promise<readonly Match[]> {
  const oracle = join(import.meta.dirname, 'oracle');
  const env = { ...process.env, CLASSPATH: join(files, '*') };
  const args = [join(oracle, 'maven-matches.py'), archive, join(oracle, 'MavenVersions.java')];
  const child = spawn('python3', args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const pairs = new Map(packages.map((line) => [line.split(' ')[0] ?? '', (line.split(' ')[0] ?? '').split('@')]));
  child.stdin.end(JSON.stringify([...pairs.values()]));
  return (await json(child.stdout)) as Match[];
}

/** One line for each vulnerability of a package, under the name that reports use. */
function lines(matches: readonly Match[]): string[] {
  const found = new Map<string, Set<string>>();
  for (const [name, version, ids, fixed] of matches) {
    const id = ids.find((alias) => alias.startsWith('CVE-')) ?? ids[0];
    const key = `${name}@${version} ${id}`;
    found.set(key, (found.get(key) ?? new Set()).add(fixed ?? 'no fix'));
  }
  return [...found].map(([key, fixes]) => (fixes.size === 1 ? `${key} ${[...fixes][0]}` : key)).sort();
}

test('complaint 14: libraries of plain, nested, self-executing and shaded archives, and exactly their vulnerabilities', async (t) => {
  const system = needs(t, 'mvn', 'java', 'jar', 'python3');
  if (!system) return;
  const osv = join(process.env.DRYDOCK_SHARED ?? join(root, '..', 'shared'), 'osv');
  const archive = join(osv, 'Maven', 'all.zip');
  if (!existsSync(archive)) return t.skip('needs the shared advisory data: set DRYDOCK_SHARED');
  await using directory = await temporaryDirectory();
  const artifacts = placed.map(([, ...artifact]): Artifact => artifact);
  const fetched = await fetchArtifacts(directory.path, [...artifacts, mavenArtifact], shaded);
  if ('missing' in fetched) return t.skip(fetched.missing);
  const rootfs = await makeRootfs(directory.path, fetched.files);

  const options = { dataDirectory: join(directory.path, 'data') };
  const update = await drydock(['db', 'update', '--from', osv, '--only', 'Maven', '--quiet'], options);
  assert.equal(update.code, 0, update.stderr);
  const scan = await drydock(['scan', `dir:${rootfs}`, '--json', '--quiet'], options);
  assert.equal(scan.code, 0, scan.stderr);
  const report = JSON.parse(scan.stdout) as ScanReport;

  const libraries = report.packages.filter(({ type }) => type === 'maven');
  const foundPackages = libraries.flatMap(({ name, version, locations }) =>
    locations.map(({ path }) => `${name}@${version} ${path}`),
  );
  assert.deepEqual(foundPackages.sort(), expectedPackages);
  assert.deepEqual(
    libraries.filter(({ guessed, scope }) => guessed || scope !== 'installed'),
    [],
  );
  // What tells no coordinates itself is known by its publisher, and said to be less sure.
  const unsure = libraries.filter(({ confidence }) => confidence !== 'high').map(({ name }) => name.split(':')[1]);
  assert.deepEqual(unsure.sort(), ['spring-beans', 'spring-beans', 'tomcat-embed-core']);

  const matches = await expectedMatches(archive, fetched.files, expectedPackages);
  assert.ok(matches.length > 70, `${matches.length} matches`);
  const expected = lines(matches);
  const purls = new Map(libraries.map(({ purl, name }) => [purl, name]));
  const several = new Set(expected.filter((line) => line.split(' ').length === 2));
  const found = report.findings.map((finding) => {
    assert.ok(finding.kind === 'sca');
    const key = `${purls.get(finding.package)}@${finding.installedVersion} ${finding.id}`;
    return several.has(key) ? key : `${key} ${finding.fixedVersion ?? 'no fix'}`;
  });
  assert.deepEqual(found.sort(), expected);
  t.diagnostic(`${basename(rootfs)}: ${libraries.length} libraries, ${found.length} findings`);
});
