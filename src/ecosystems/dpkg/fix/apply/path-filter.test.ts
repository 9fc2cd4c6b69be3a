import assert from 'node:assert/strict';
import { test } from 'node:test';
import { globMatcher, readPathFilter } from './path-filter.ts';

const filterOf = (options: string) =>
  readPathFilter({
    small: (path) => (path === 'etc/dpkg/dpkg.cfg' ? Buffer.from(options) : undefined),
    children: () => [],
  });

test('a star crosses slashes, sets and question marks match one character', () => {
  assert.ok(globMatcher('/usr/*/doc/?[a-c]')('/usr/x/y/doc/zb'));
  assert.ok(!globMatcher('/usr/*/doc/?[!a-c]')('/usr/x/y/doc/zb'));
  assert.ok(globMatcher('/a\\*b')('/a*b'));
  assert.ok(!globMatcher('/a')('/a/b'));
});

test('a pattern of many stars stays fast on a long path', () => {
  const start = performance.now();
  assert.ok(!globMatcher(`${'*a'.repeat(200)}b`)('a'.repeat(4000)));
  assert.ok(performance.now() - start < 500);
});

test('the last matching option wins', () => {
  const allows = filterOf('path-exclude=/usr/share/doc/*\npath-include=/usr/share/doc/*/copyright\n');
  assert.ok(!allows('usr/share/doc/x/changelog.gz', 'other'));
  assert.ok(allows('usr/share/doc/x/copyright', 'other'));
  assert.ok(allows('usr/bin/x', 'other'));
});

test('excluded directories stay when something below may be included', () => {
  const allows = filterOf('path-exclude /usr/share/locale/*\npath-include /usr/share/locale/de/*\n');
  assert.ok(allows('usr/share/locale/de/LC_MESSAGES', 'directory'));
  assert.ok(!allows('usr/share/locale/fr', 'directory'));
});
