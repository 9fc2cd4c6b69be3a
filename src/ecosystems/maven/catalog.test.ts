import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { factLayers, type LayerFiles } from '../../../test/support/fact-layers.ts';
import { type ZipMember, zipArchive } from '../../../test/support/zip-archive.ts';
import type { CatalogResult } from '../contract.ts';
import { mavenCataloger } from './catalog.ts';
import type { CoordinatesBySha1 } from './identity.ts';
import { mavenVisitor } from './visitor.ts';

type Members = Readonly<Record<string, string | Buffer>>;

/** A jar of literals. */
function jar(members: Members): Buffer {
  return zipArchive(Object.entries(members).map(([name, content]): ZipMember => ({ name, content })));
}

function properties(group: string, artifact: string, version: string): Members {
  const content = `#Created by Apache Maven\r\n#Fri Nov 01\r\nversion=${version}\r\ngroupId=${group}\r\nartifactId=${artifact}\r\n`;
  return { [`META-INF/maven/${group}/${artifact}/pom.properties`]: content };
}

function manifest(lines: Readonly<Record<string, string>>): Members {
  const text = Object.entries({ 'Manifest-Version': '1.0', ...lines }).map(([key, value]) => `${key}: ${value}\r\n`);
  return { 'META-INF/MANIFEST.MF': `${text.join('')}\r\nName: a/B.class\r\nImplementation-Version: 99\r\n` };
}

async function catalog(layers: readonly LayerFiles[], bySha1?: CoordinatesBySha1): Promise<CatalogResult> {
  const known = await factLayers(mavenVisitor, layers);
  // Facts must survive the cache.
  const cached = known.layers.map((layer) => ({ ...layer, facts: JSON.parse(JSON.stringify(layer.facts)) }));
  return mavenCataloger(bySha1).coalesce({ layers: cached, view: known.view, os: undefined });
}

/** `g:a@v where`, with what makes a package less than sure. */
async function found(files: LayerFiles, bySha1?: CoordinatesBySha1): Promise<string[]> {
  const { packages } = await catalog([files], bySha1);
  return packages
    .map(({ name, version, confidence, guessed, locations }) => {
      return `${name}@${version} ${locations[0]?.path}${confidence ? ` ${confidence}` : ''}${guessed ? ' guessed' : ''}`;
    })
    .sort();
}

const text4 = properties('org.apache.commons', 'commons-text', '1.9');

test('coordinates of pom.properties, whatever the file is called', async () => {
  assert.deepEqual(await found({ 'a/commons-text-1.9.jar': jar(text4), 'b/renamed.jar': jar(text4) }), [
    'org.apache.commons:commons-text@1.9 a/commons-text-1.9.jar',
    'org.apache.commons:commons-text@1.9 b/renamed.jar',
  ]);
  const { packages } = await catalog([{ 'x.jar': jar(text4) }]);
  assert.equal(packages[0]?.purl, 'pkg:maven/org.apache.commons/commons-text@1.9');
});

test('pom.xml speaks where there is no pom.properties, with what it inherits', async () => {
  const pom =
    '<?xml version="1.0"?><project xmlns="http://maven.apache.org/POM/4.0.0"><!-- x --><parent><groupId>org.p</groupId>' +
    '<artifactId>parent</artifactId><version>3</version></parent><artifactId>child</artifactId><version>\u0024{base}.1</version>' +
    '<properties><base>\u0024{project.parent.version}.0</base></properties><dependencies><dependency><groupId>no</groupId>' +
    '<artifactId>no</artifactId><version>1</version></dependency></dependencies></project>';
  assert.deepEqual(await found({ 'child-3.0.1.jar': jar({ 'META-INF/maven/org.p/child/pom.xml': pom }) }), [
    'org.p:child@3.0.1 child-3.0.1.jar',
  ]);
  const both = { ...text4, 'META-INF/maven/org.apache.commons/commons-text/pom.xml': pom };
  assert.deepEqual(await found({ 'x.jar': jar(both) }), ['org.apache.commons:commons-text@1.9 x.jar']);
  const inherited = pom.replace('<version>\u0024{base}.1</version>', '');
  assert.deepEqual(await found({ 'x.jar': jar({ 'META-INF/maven/org.p/child/pom.xml': inherited }) }), [
    'org.p:child@3 x.jar',
  ]);
});

test('complaint 14: every coordinate of a shaded jar is told, and the jar itself too', async () => {
  const shaded = {
    ...text4,
    ...properties('com.fasterxml.jackson.core', 'jackson-databind', '2.9.10'),
    ...properties('com.example', 'app', '1.0'),
  };
  assert.deepEqual(await found({ 'app-1.0-all.jar': jar(shaded) }), [
    'com.example:app@1.0 app-1.0-all.jar',
    'com.fasterxml.jackson.core:jackson-databind@2.9.10 app-1.0-all.jar',
    'org.apache.commons:commons-text@1.9 app-1.0-all.jar',
  ]);
  // A jar that holds others and says itself only by manifest and classes.
  const spring = {
    ...text4,
    ...properties('org.objenesis', 'objenesis', '3.2'),
    ...manifest({ 'Implementation-Title': 'spring-core', 'Implementation-Version': '5.3.16' }),
    'org/springframework/core/SpringVersion.class': '',
  };
  assert.deepEqual(await found({ 'spring-core-5.3.16.jar': jar(spring) }), [
    'org.apache.commons:commons-text@1.9 spring-core-5.3.16.jar',
    'org.objenesis:objenesis@3.2 spring-core-5.3.16.jar',
    'org.springframework:spring-core@5.3.16 spring-core-5.3.16.jar medium',
  ]);
});

test('complaint 14: shaded classes without coordinates are listed, never matched', async () => {
  const relocated = { ...properties('com.example', 'app', '1.0'), 'shaded/log4j/core/lookup/JndiLookup.class': '' };
  assert.deepEqual(await found({ 'app-1.0.jar': jar(relocated) }), [
    'com.example:app@1.0 app-1.0.jar',
    'org.apache.logging.log4j:log4j-core@ app-1.0.jar low guessed',
  ]);
  const honest = {
    ...properties('org.apache.logging.log4j', 'log4j-core', '2.14.1'),
    'org/apache/logging/log4j/core/lookup/JndiLookup.class': '',
  };
  assert.deepEqual(await found({ 'log4j-core-2.14.1.jar': jar(honest) }), [
    'org.apache.logging.log4j:log4j-core@2.14.1 log4j-core-2.14.1.jar',
  ]);
});

test('complaint 14: a group that nothing tells is a guess', async () => {
  const files = {
    'a/acme-lib-1.2.jar': jar({ 'com/acme/A.class': '', ...manifest({}) }),
    // The name of a known library is not enough: the classes are others.
    'b/spring-core-5.3.16.jar': jar({ 'com/acme/A.class': '', ...manifest({ 'Implementation-Title': 'spring-core' }) }),
    // The vendor of the manifest is not where the classes are.
    'c/tool-2.0.jar': jar({ 'x/A.class': '', ...manifest({ 'Implementation-Vendor-Id': 'com.acme' }) }),
    'd/nothing.jar': jar({ 'x/A.class': '' }),
  };
  assert.deepEqual(await found(files), [
    'com.acme:acme-lib@1.2 a/acme-lib-1.2.jar low guessed',
    'com.acme:spring-core@5.3.16 b/spring-core-5.3.16.jar low guessed',
    'com.acme:tool@2.0 c/tool-2.0.jar low guessed',
  ]);
  const { diagnostics, unlessOwned } = await catalog([files]);
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(
    unlessOwned?.map(({ code, path, partial }) => [code, path, partial]),
    [['unidentified_archive', 'd/nothing.jar', undefined]],
  );
});

test('a group that the manifest tells and the classes confirm', async () => {
  const told = { 'org/postgresql/jdbc/A.class': '', ...manifest({ 'Implementation-Vendor-Id': 'org.postgresql' }) };
  assert.deepEqual(await found({ 'postgresql-42.3.1.jar': jar(told) }), [
    'org.postgresql:postgresql@42.3.1 postgresql-42.3.1.jar medium',
  ]);
  // Of an umbrella, and of the name of a bundle, nobody can tell where the group ends.
  const umbrella = manifest({ 'Implementation-Vendor-Id': 'org.apache' });
  const bundle = manifest({ 'Bundle-SymbolicName': 'org.acme.core;singleton:=true', 'Bundle-Version': '4.1.0.v2020' });
  const files = {
    'a/thing-1.0.jar': jar({ 'org/apache/thing/A.class': '', ...umbrella }),
    'b/core.jar': jar({ 'org/acme/A.class': '', ...bundle }),
  };
  assert.deepEqual(await found(files), [
    'org.acme:core@4.1.0.v2020 b/core.jar low guessed',
    'org.apache:thing@1.0 a/thing-1.0.jar low guessed',
  ]);
});

test('a publisher whose group has changed', async () => {
  const groovy = jar({ 'groovy/lang/A.class': '', ...manifest({ 'Bundle-SymbolicName': 'groovy' }) });
  assert.deepEqual(await found({ 'groovy-3.0.9.jar': groovy, 'groovy-4.0.1.jar': groovy }), [
    'org.apache.groovy:groovy@4.0.1 groovy-4.0.1.jar medium',
    'org.codehaus.groovy:groovy@3.0.9 groovy-3.0.9.jar medium',
  ]);
});

test('a table of checksums names jars that name nothing', async () => {
  const bytes = jar({ 'x/A.class': '' });
  const sha1 = createHash('sha1').update(bytes).digest('hex');
  const table = new Map([[sha1, { group: 'org.x', artifact: 'x', version: '1' }]]);
  assert.deepEqual(await found({ 'y.jar': bytes }, (key) => table.get(key)), ['org.x:x@1 y.jar']);
});

test('Tomcat as a server and as a library; a Jenkins plugin', async () => {
  const tomcat = {
    'org/apache/catalina/A.class': '',
    ...manifest({ 'Bundle-SymbolicName': 'org.apache.tomcat-catalina', 'Implementation-Version': '9.0.58' }),
  };
  assert.deepEqual(await found({ 'tomcat/lib/catalina.jar': jar(tomcat) }), [
    'org.apache.tomcat:tomcat-catalina@9.0.58 tomcat/lib/catalina.jar medium',
    'org.apache.tomcat:tomcat@9.0.58 tomcat/lib/catalina.jar medium',
  ]);
  assert.deepEqual(await found({ 'lib/tomcat-catalina-9.0.58.jar': jar(tomcat) }), [
    'org.apache.tomcat:tomcat-catalina@9.0.58 lib/tomcat-catalina-9.0.58.jar medium',
  ]);
  const plugin = manifest({
    'Group-Id': 'org.jenkins-ci.plugins',
    'Short-Name': 'git',
    'Plugin-Version': '4.11.3 (x)',
  });
  assert.deepEqual(await found({ 'plugins/git.jpi': jar(plugin) }), [
    'org.jenkins-ci.plugins:git@4.11.3 plugins/git.jpi',
  ]);
});

test('archives in archives, with the way to them', async () => {
  const war = jar({ 'WEB-INF/lib/commons-text-1.9.jar': jar(text4) });
  assert.deepEqual(await found({ 'srv/all.ear': jar({ 'web/a.war': war }) }), [
    'org.apache.commons:commons-text@1.9 srv/all.ear!/web/a.war!/WEB-INF/lib/commons-text-1.9.jar',
  ]);
  const script = Buffer.concat([Buffer.from('#!/bin/bash\nexec java -jar "$0"\n'), war]);
  assert.deepEqual(
    await found({ 'app.jar': script, 'java.base.jmod': Buffer.concat([Buffer.from('JM\x01\x00'), war]) }),
    [
      'org.apache.commons:commons-text@1.9 app.jar!/WEB-INF/lib/commons-text-1.9.jar',
      'org.apache.commons:commons-text@1.9 java.base.jmod!/WEB-INF/lib/commons-text-1.9.jar',
    ],
  );
});

test('deleted, replaced and moved archives', async () => {
  const newer = properties('org.apache.commons', 'commons-text', '1.10.0');
  const { packages } = await catalog([
    { 'a.jar': jar(text4), 'b.jar': jar(text4), 'opt/lib': { link: '../usr/lib' } },
    { 'a.jar': jar(newer), 'b.jar': null, 'opt/lib/c.jar': jar(newer) },
  ]);
  assert.deepEqual(
    packages.map(({ version, scope, locations }) => `${version} ${scope ?? 'installed'} ${locations[0]?.path}`).sort(),
    ['1.10.0 installed a.jar', '1.10.0 installed usr/lib/c.jar', '1.9 removed a.jar', '1.9 removed b.jar'],
  );
});

test('coordinates that are none leave the next evidence to speak', async () => {
  const bad = {
    'META-INF/maven/a/b/pom.properties': 'groupId=../../x\nartifactId=b\nversion=1',
    'META-INF/maven/c/d/pom.properties': 'groupId=c\nartifactId=d\nversion=\u0024{project.version}',
    'META-INF/maven/c/d/pom.xml': '<project><version>7</version></project>',
    'META-INF/maven/e/f/pom.properties': 'version=unspecified',
  };
  assert.deepEqual(await found({ 'x.jar': jar(bad) }), ['c:d@7 x.jar', 'e:f@unspecified x.jar']);
});

test('files that are no archives', async () => {
  const { packages, diagnostics } = await catalog([
    { 'a.jar': 'not a zip', 'b.sar': 'statistics', 'c.war': Buffer.from('PK\x03\x04 cut off'), 'd.jar': '' },
  ]);
  assert.deepEqual(packages, []);
  assert.deepEqual(
    diagnostics.map(({ code, path, partial }) => ({ code, path, partial })),
    [
      { code: 'archive_invalid', path: 'a.jar', partial: true },
      { code: 'archive_invalid', path: 'c.war', partial: true },
    ],
  );
});
