import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AptConfiguration, aptMirrors } from './apt-mirrors.ts';

function configuration(files: Record<string, string>): AptConfiguration {
  return {
    read: async (path) => files[path],
    list: async (directory) =>
      Object.keys(files)
        .filter((path) => path.startsWith(`${directory}/`))
        .map((path) => path.slice(directory.length + 1)),
  };
}

test('one-line sources with options and comments', async () => {
  const text = [
    '# deb http://old.example/debian bookworm main',
    'deb-src http://source.example/debian bookworm main',
    'deb [arch=amd64 signed-by=/k.gpg] http://a.example/debian/ bookworm main # mine',
    'deb http://b.example/debian bookworm-updates main',
    'deb http://c.example/debian-security bookworm-security main',
  ].join('\n');
  assert.deepEqual(await aptMirrors(configuration({ '/etc/apt/sources.list': text })), {
    debian: 'http://a.example/debian',
    'debian-security': 'http://c.example/debian-security',
  });
});

test('deb822 sources: comments inside, folded fields, disabled and foreign ones left out', async () => {
  const debian = [
    'Types: deb deb-src',
    '# a comment',
    'URIs: https://m.example/debian',
    'Suites: trixie',
    ' trixie-updates',
    'Components: main',
    '',
    'Enabled: no',
    'Types: deb',
    'URIs: https://off.example/debian-security',
    'Suites: trixie-security',
    '',
    'Types: deb',
    'URIs: https://s.example/debian-security',
    'Suites: trixie-security',
  ].join('\n');
  const vendor = 'Types: deb\nURIs: https://vendor.example/node\nSuites: nodistro\n';
  const files = {
    '/etc/apt/sources.list.d/a-vendor.sources': vendor,
    '/etc/apt/sources.list.d/debian.sources': debian,
    '/etc/apt/sources.list.d/readme.txt': 'deb http://no.example/debian trixie main',
  };
  assert.deepEqual(await aptMirrors(configuration(files)), {
    debian: 'https://m.example/debian',
    'debian-security': 'https://s.example/debian-security',
  });
});

test('nothing where there is no configuration', async () => {
  assert.deepEqual(await aptMirrors(configuration({})), {});
});
