import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { consoleData, consoleDataFiles } from '../../tools/console-data.ts';
import { root } from './source-tree.ts';

test('what the console knows of operations and rules is what the code says; `npm run schemas` writes it', () => {
  for (const { file, text } of consoleDataFiles()) {
    assert.equal(readFileSync(join(root, consoleData, file), 'utf8'), text, file);
  }
});
