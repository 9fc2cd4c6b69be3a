import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileGlob, compilePathFilter } from './glob.ts';

test('stars stop at slashes, double stars do not', () => {
  const rows: [string, string, boolean][] = [
    ['team/*', 'team/app', true],
    ['team/*', 'team/sub/app', false],
    ['team/**', 'team/sub/app', true],
    ['**/app', 'a/b/app', true],
    ['**/app', 'app', false],
    ['**app', 'app', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['a.c', 'abc', false],
    ['*', '', true],
    ['a*b*c', 'aXXbYYc', true],
    ['a*b*c', 'aXXcYYb', false],
  ];
  for (const [pattern, path, want] of rows) assert.equal(compileGlob(pattern)(path), want, `${pattern} ${path}`);
});

test('include and exclude together', () => {
  const filter = compilePathFilter(['team/**'], ['**/old-*']);
  assert.ok(filter('team/app'));
  assert.ok(!filter('team/old-app'));
  assert.ok(!filter('other/app'));
  assert.ok(compilePathFilter([], [])('anything/at-all'));
});

test('patterns that would explode in a backtracking matcher take no time', () => {
  const match = compileGlob(`${'*a'.repeat(120)}b`);
  const started = performance.now();
  assert.equal(match('a'.repeat(255)), false);
  assert.ok(performance.now() - started < 200);
});

test('what is no pattern is refused', () => {
  for (const pattern of ['', 'a b', 'x'.repeat(256), '(a|b)', 'a\n']) {
    assert.throws(() => compileGlob(pattern), { code: 'glob_invalid' }, JSON.stringify(pattern));
  }
});
