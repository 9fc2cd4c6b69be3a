import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schema } from '../../api/client.ts';
import { changeOfGroups, changeOfHits } from './status-orders.ts';

const hit = (id: number, status: string, reason?: string) =>
  ({
    id,
    kind: 'sensitive',
    status,
    decision: reason === undefined ? null : { ruleId: 1, reason, by: 'ada', until: null },
  }) as unknown as Schema<'RiskHit'>;

test('taking back gives every finding its former status and reason', () => {
  const { order, undo } = changeOfHits(
    [hit(1, 'open'), hit(2, 'handled', 'rotated'), hit(3, 'open')],
    'whitelisted',
    'ok',
  );
  assert.deepEqual(order, { kind: 'sensitive', status: 'whitelisted', ids: [1, 2, 3], reason: 'ok' });
  assert.deepEqual(undo, [
    { kind: 'sensitive', status: 'open', ids: [1, 3] },
    { kind: 'sensitive', status: 'handled', ids: [2], reason: 'rotated' },
  ]);
});

test('groups of malicious files are named by their hash', () => {
  const key = 'cd119526029616f0653a5d393d558a31';
  const group = { kind: 'malicious', key, ruleKey: 'WEBSHELL_IMG', status: 'open' } as unknown as Schema<'RiskGroup'>;
  const { order, undo, count } = changeOfGroups([group], 'false_positive', 'a sample', ['a'.repeat(32)]);
  assert.deepEqual(order.rules, [`md5:${key}`]);
  assert.deepEqual(undo[0], { kind: 'malicious', rules: [`md5:${key}`], uuids: ['a'.repeat(32)], status: 'open' });
  assert.equal(count, 1);
});
