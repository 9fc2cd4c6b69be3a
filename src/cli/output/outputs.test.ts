import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from './errors.ts';
import { parseOutputs } from './outputs.ts';

const table = { id: 'table' };
const json = { id: 'json' };

test('outputs default to a table; one may go to standard output, others to files', () => {
  assert.deepEqual(parseOutputs({}, [table, json]), [{ format: table, file: undefined }]);
  assert.deepEqual(parseOutputs({ json: true }, [table, json]), [{ format: json, file: undefined }]);
  assert.deepEqual(parseOutputs({ format: ['table', 'json=a=b.json'] }, [table, json]), [
    { format: table, file: undefined },
    { format: json, file: 'a=b.json' },
  ]);
  for (const format of [['xml'], ['json='], ['json', 'table'], ['json=x', 'table=x']]) {
    assert.throws(() => parseOutputs({ format }, [table, json]), UsageError, String(format));
  }
});
