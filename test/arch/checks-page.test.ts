import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkSets } from '../../src/detectors/baseline/catalogue.ts';
import { classTitles, nameTitles } from '../../src/detectors/baseline/classes.ts';
import { checksPage, renderChecksPage } from '../../tools/checks-page.ts';
import { root } from './source-tree.ts';

test('the page of checks is what the code says; `npm run schemas` writes it', () => {
  assert.equal(readFileSync(join(root, checksPage), 'utf8'), renderChecksPage());
});

test('every check is where the tree of classes has a title for it', () => {
  for (const { group, checks } of checkSets) {
    for (const { id, classKey, nameKey } of checks) {
      assert.match(id, new RegExp(`^${group}-\\d{3}$`));
      assert.ok(classTitles[classKey], `${id}: ${classKey}`);
      assert.ok(nameKey === classKey || nameTitles[nameKey], `${id}: ${nameKey}`);
    }
  }
});
