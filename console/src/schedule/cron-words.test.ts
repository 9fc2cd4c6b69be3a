import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rhythmOf } from './cron-words.ts';
import { momentsOf } from './moments.ts';

test('the usual expressions have words', () => {
  const cases = {
    '@every 3600': { kind: 'hours', every: 1, minute: -1 },
    '@every 90': { kind: 'seconds', every: 90 },
    '@every 300': { kind: 'minutes', every: 5 },
    '*/15 * * * *': { kind: 'minutes', every: 15 },
    '5 * * * *': { kind: 'hours', every: 1, minute: 5 },
    '0 */6 * * *': { kind: 'hours', every: 6, minute: 0 },
    '30 3 * * *': { kind: 'day', at: '03:30' },
    '@daily': { kind: 'day', at: '00:00' },
    '0 9 * * 1-5': { kind: 'week', days: [1, 2, 3, 4, 5], at: '09:00' },
    '0 9 * * MON,sat,7': { kind: 'week', days: [0, 1, 6], at: '09:00' },
    '0 4 1 * *': { kind: 'month', day: 1, at: '04:00' },
  };
  for (const [expression, rhythm] of Object.entries(cases)) assert.deepEqual(rhythmOf(expression), rhythm, expression);
});

test('what would be said wrongly has none', () => {
  const odd = [
    '*/7 * * * *',
    '0 */5 * * *',
    '0 0 1 1 *',
    '0 0 L * *',
    '1,2 3 * * *',
    '0 9 1 * 1',
    '60 1 * * *',
    'x',
    '',
  ];
  for (const expression of odd) assert.deepEqual(rhythmOf(expression), { kind: 'other' }, expression);
});

test('moments are those of the zone', () => {
  const from = new Date('2026-11-30T12:00:00Z');
  const first = (expression: string, zone: string) => momentsOf(expression, zone, from)?.[0]?.toISOString();
  assert.equal(first('30 3 * * *', 'UTC'), '2026-12-01T03:30:00.000Z');
  assert.equal(first('30 3 * * *', 'Asia/Shanghai'), '2026-11-30T19:30:00.000Z');
  assert.equal(first('@every 60', 'UTC'), '2026-11-30T12:01:00.000Z');
  assert.equal(momentsOf('61 * * * *', 'UTC', from), null);
  assert.equal(momentsOf('0 * * * *', 'Nowhere/Else', from), null);
});
