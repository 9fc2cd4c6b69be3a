import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExportDraft, exportOrder } from './export-order.ts';

const draft: ExportDraft = {
  ...{ rows: 'finding', format: 'csv', filter: ' kev:true ', columns: [], language: 'en', limit: '' },
  ...{ bom: true, raw: false },
};

test('only what was chosen is ordered', () => {
  assert.deepEqual(exportOrder(draft), {
    ...{ subject: 'findings', grain: 'finding', format: 'csv', language: 'en', q: 'kev:true', bom: true, raw: false },
  });
  assert.deepEqual(exportOrder({ ...draft, rows: 'images', format: 'xlsx', filter: '', limit: 5, columns: ['tag'] }), {
    ...{ subject: 'images', format: 'xlsx', language: 'en', columns: ['tag'], limit: 5 },
  });
});
