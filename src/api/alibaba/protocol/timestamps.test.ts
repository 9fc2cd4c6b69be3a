import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RpcError } from '../errors.ts';
import { checkTimestamp } from './timestamps.ts';

const now = Date.UTC(2026, 10, 20, 16, 47, 35);
const code = (text: string): string => {
  try {
    checkTimestamp(text, now);
    return 'ok';
  } catch (error) {
    assert.ok(error instanceof RpcError);
    assert.equal(error.status, 400);
    return error.code;
  }
};

test('fifteen minutes either way are accepted, not a second more', () => {
  assert.equal(code('2026-11-20T16:47:35Z'), 'ok');
  assert.equal(code('2026-11-20T16:32:35Z'), 'ok');
  assert.equal(code('2026-11-20T17:02:35Z'), 'ok');
  assert.equal(code('2026-11-20T16:32:34Z'), 'InvalidTimeStamp.Expired');
  assert.equal(code('2026-11-20T17:02:36Z'), 'InvalidTimeStamp.Expired');
  assert.equal(code('1970-01-01T00:00:00Z'), 'InvalidTimeStamp.Expired');
});

test('only one format is accepted', () => {
  const wrong = [
    '',
    '2026-11-20T16:47:35',
    '2026-11-20 16:47:35Z',
    '2026-11-20T16:47:35.000Z',
    '2026-11-20T16:47:35+00:00',
    '20261120T164735Z',
    '2026-02-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-20T24:00:00Z',
    '1795279655000',
  ];
  for (const text of wrong) assert.equal(code(text), 'InvalidTimeStamp.Format', text);
});
