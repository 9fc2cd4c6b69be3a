import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readRepositories as readApk } from './apk.ts';
import { readLines, readStanzas } from './apt.ts';
import { readAptConf } from './apt-conf.ts';
import { locationOf } from './locations.ts';
import { readRepositories as readRpm } from './rpm.ts';

const told = ({ repositories }: ReturnType<typeof readLines>): (string | number | null)[][] =>
  repositories.map(({ line, shown, unchecked }) => [line, shown, unchecked]);

test('lines of sources.list: options, comments, what is no source', () => {
  const text = [
    '# a comment',
    'deb [ arch=amd64 signed-by=/x#y.gpg trusted=yes ] https://a.example/x stable main # why',
    'deb-src https://b.example/ stable main',
    'deb',
    'debian https://c.example/ stable main',
    '  deb\thttps://d.example/  ./',
    'deb [arch=amd64 https://e.example/ stable',
  ].join('\n');
  const read = readLines(text);
  assert.deepEqual(told(read), [
    [2, 'https://a.example/x', 'trusted=yes'],
    [3, 'https://b.example/', null],
    [6, 'https://d.example/', null],
    [7, '[arch=amd64', null],
  ]);
  assert.equal(read.malformed, 2);
});

test('stanzas: several addresses, continuation lines, comments, disabled ones', () => {
  const text = [
    ...[
      '# comment',
      'Types: deb deb-src',
      'URIs: https://a.example',
      ' https://b.example/x',
      'suites: s',
      'Trusted: Yes',
    ],
    ...['# inside', 'Signed-By:', ' -----BEGIN PGP PUBLIC KEY BLOCK-----', ' .', ' abc', ''],
    ...['Enabled: off', 'Types: deb', 'URIs: https://c.example', 'Suites: s', ' ', 'Types: deb', 'URIs: x', ''],
    ...['nonsense', 'Types: deb', 'URIs: https://d.example/', 'Suites: /'],
  ].join('\n');
  const read = readStanzas(text);
  assert.deepEqual(told(read), [
    [2, 'https://a.example', 'Trusted: Yes'],
    [2, 'https://b.example/x', 'Trusted: Yes'],
    [22, 'https://d.example/', null],
  ]);
  assert.equal(read.malformed, 2);
});

test('repositories of rpm: sections, several addresses, settings for all', () => {
  const text = [
    ...['[main]', 'gpgcheck=no', '; comment', '[a]', 'name=A', 'baseurl = https://a.example/', '  http://b.example/'],
    ...['gpgcheck=1', '[b]', 'enabled: 0', 'baseurl=https://c.example/', '[c]', 'metalink=https://d.example/?x=y'],
    ...['pkg_gpgcheck=off', 'nonsense'],
  ].join('\n');
  const read = readRpm(text);
  assert.deepEqual(told(read), [
    [4, 'https://a.example/', null],
    [4, 'http://b.example/', null],
    [12, 'https://d.example/', 'pkg_gpgcheck=off'],
  ]);
  assert.deepEqual(read.settings, [{ line: 2, text: 'gpgcheck=no' }]);
  assert.equal(read.malformed, 1);
});

test('repositories of apk: tags and comments', () => {
  const text = '#https://a.example\n\n@edge https://b.example/e\n/srv/packages\nhttps://c.example/x\n';
  assert.deepEqual(told(readApk(text)), [
    [3, 'https://b.example/e', null],
    [4, '/srv/packages', null],
    [5, 'https://c.example/x', null],
  ]);
});

test('apt.conf: scopes, comments, quotes', () => {
  const text = [
    ...['# APT::Get::AllowUnauthenticated "1";', '/* APT::Get::AllowUnauthenticated "1"; */'],
    ...[
      'apt::get::allowunauthenticated "1";',
      'Acquire {',
      '  AllowInsecureRepositories "true"; // why',
      '  Retries "3";',
    ],
    ...['};', 'APT::Get { AllowUnauthenticated "false" };', 'APT::Get::AllowUnauthenticatedX "1";'],
  ].join('\n');
  assert.deepEqual(readAptConf(text), [
    { line: 3, text: 'apt::get::allowunauthenticated "1"' },
    { line: 5, text: 'Acquire::AllowInsecureRepositories "true"' },
  ]);
});

test('addresses are taken apart without what could be a secret', () => {
  assert.deepEqual(locationOf('https://u:p@ss@A.Example:8443/x?token=1'), {
    ...{ scheme: 'https', host: 'a.example', shown: 'https://A.Example:8443/x' },
  });
  assert.deepEqual(locationOf('http://[::1]:80/x'), { scheme: 'http', host: '[::1]', shown: 'http://[::1]:80/x' });
  assert.deepEqual(locationOf('file:/srv'), { scheme: 'file', host: '', shown: 'file:/srv' });
  assert.equal(locationOf('https://x.example').host, 'x.example');
});

test('any text is read without failing, in time that follows its length', () => {
  const readers = [readLines, readStanzas, readRpm, readApk, readAptConf];
  const pieces = fc.constantFrom(
    'deb',
    ' ',
    '\n',
    '[',
    ']',
    '#',
    ':',
    '=',
    '{',
    '}',
    ';',
    '"',
    '/*',
    '//',
    'https://a@b',
    '\t',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      for (const read of readers) read(parts.join(''));
    }),
    { numRuns: 300 },
  );
  for (const part of ['[', 'a: b\n c\n', '{', '"', '/*', 'deb [\n', 'deb https://a a\n', ' x\n']) {
    for (const read of readers) {
      const started = performance.now();
      read(part.repeat(Math.floor(150_000 / part.length)));
      assert.ok(performance.now() - started < 1000, `${read.name} ${part}: ${performance.now() - started} ms`);
    }
  }
});
