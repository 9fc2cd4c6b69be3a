import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schema } from '../../api/client.ts';
import { verdictOf } from './verdict.ts';

const none = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0, total: 0, fixable: 0 };

function image(state: string, counts: Partial<Schema<'ImageCounts'>> = {}) {
  const all = { cve: none, sca: none, baseline: 0, malicious: 0, sensitive: 0, instruction: 0, ...counts };
  return { scan: { state, reason: null, finishedAt: null, progress: null }, counts: all } as never;
}

test('nothing is called clean that was not wholly scanned', () => {
  assert.deepEqual(verdictOf(image('never')), { kind: 'unknown' });
  assert.deepEqual(verdictOf(image('unsupported')), { kind: 'unknown' });
  assert.deepEqual(verdictOf(image('partial')), { kind: 'noneSoFar' });
  assert.deepEqual(verdictOf(image('matched')), { kind: 'clean' });
});

test('the worst decides', () => {
  assert.deepEqual(verdictOf(image('matched', { sca: { ...none, high: 1 } })), { kind: 'severity', level: 'high' });
  assert.deepEqual(verdictOf(image('matched', { sensitive: 1 })), { kind: 'risks' });
  assert.deepEqual(verdictOf(image('failed', { malicious: 1, cve: { ...none, critical: 2 } })), { kind: 'malicious' });
});
