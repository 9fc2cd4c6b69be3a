import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnsOf } from '../../../../src/exports/rows/columns/catalogue.ts';
import { exportColumns, rowKinds } from './export-columns.ts';

test('columns are those of the catalogue, in its order', () => {
  for (const kind of rowKinds) {
    const { usual, more } = exportColumns[kind];
    assert.deepEqual(
      [...usual, ...more],
      columnsOf(kind).map(({ name }) => name),
      kind,
    );
  }
});
