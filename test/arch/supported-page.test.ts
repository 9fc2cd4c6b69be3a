import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ecosystems } from '../../src/ecosystems/index.ts';
import { renderSupportedPage, supportedPage } from '../../tools/supported-page.ts';
import { root } from './source-tree.ts';

test('the page of supported ecosystems is what the code says; `npm run schemas` writes it', () => {
  assert.equal(readFileSync(join(root, supportedPage), 'utf8'), renderSupportedPage());
});

test('every packaging world says what it is, and no two claim the same package URL type', () => {
  const types = ecosystems.flatMap((ecosystem) => ecosystem.types);
  assert.deepEqual(
    types.filter((type, index) => types.indexOf(type) !== index),
    [],
  );
  for (const { id, about, catalogers } of ecosystems) {
    assert.ok(about.evidence.length > 0 || catalogers.length === 0, id);
    for (const text of [about.title, about.covers, about.versions, about.limits ?? 'x']) {
      assert.ok(text !== '' && !text.includes('\n'), `${id}: ${text}`);
    }
  }
});
