import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxAttempts, pauseAfter } from './back-off.ts';
import { isTimeZone, quietUntil } from './quiet-hours.ts';

const night = (zone: string) => ({ zone, from: '22:00', to: '07:00', criticalBreaksThrough: false });

// Moments by Python's zoneinfo.
test('a night ends at its hour of the zone, also when the clocks change in it', () => {
  assert.equal(quietUntil(night('Asia/Shanghai'), 1_768_059_000_000), 1_768_086_000_000);
  assert.equal(quietUntil(night('Europe/Berlin'), 1_774_735_200_000), 1_774_760_400_000);
  assert.equal(quietUntil(night('Europe/Berlin'), 1_792_875_600_000), 1_792_908_000_000);
});

test('begins with its first minute and is over with its last', () => {
  const at = (text: string): number => Date.parse(text);
  assert.equal(quietUntil(night('UTC'), at('2026-01-10T21:59:59Z')), null);
  assert.equal(quietUntil(night('UTC'), at('2026-01-10T22:00:00Z')), at('2026-01-11T07:00:00Z'));
  assert.equal(quietUntil(night('UTC'), at('2026-01-11T06:59:59.999Z')), at('2026-01-11T07:00:00Z'));
  assert.equal(quietUntil(night('UTC'), at('2026-01-11T07:00:00Z')), null);
  const noon = { ...night('UTC'), from: '12:00', to: '13:30' };
  assert.equal(quietUntil(noon, at('2026-01-11T12:30:10Z')), at('2026-01-11T13:30:00Z'));
  assert.equal(quietUntil(noon, at('2026-01-11T11:00:00Z')), null);
});

test('knows time zones', () => {
  assert.deepEqual([isTimeZone('Asia/Shanghai'), isTimeZone('Mars/Base')], [true, false]);
});

test('six attempts over hours; a receiver may ask for an hour at most', () => {
  const pauses = Array.from({ length: maxAttempts }, (_, n) => pauseAfter(n + 1, null));
  assert.deepEqual(pauses, [5_000, 60_000, 300_000, 1_800_000, 7_200_000, null]);
  assert.equal(pauseAfter(1, 600_000), 600_000);
  assert.equal(pauseAfter(1, 86_400_000), 3_600_000);
});
