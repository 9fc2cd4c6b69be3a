import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pages } from './pages.ts';

const paths = pages.map(({ path }) => path);

test('every address has one page', () => {
  assert.deepEqual(
    paths.filter((path, index) => paths.indexOf(path) !== index),
    [],
  );
});

test('the navigation leads to pages', () => {
  // Read as text: the icons beside them are for browsers.
  const text = readFileSync(new URL('./navigation.ts', import.meta.url), 'utf8');
  const targets = [...text.matchAll(/\bto: '([^']+)'/g)].map(([, target]) => target ?? '');
  assert.ok(targets.length > 10);
  assert.deepEqual(
    targets.filter((target) => !paths.includes(target)),
    [],
  );
});
