import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode } from '../kernel/index.ts';
import type { Schedule } from './contract.ts';
import { jitterOf, nextMoment, scheduleStep } from './schedule.ts';

const hour = 3_600_000;
const day = 24 * hour;
const at = (text: string): number => Date.parse(text);

function schedule(change: Partial<Schedule> = {}): Schedule {
  return {
    id: 1,
    name: 's',
    kind: 'sync',
    cron: '0 * * * *',
    zone: 'UTC',
    jitterMs: 0,
    payload: null,
    enabled: true,
    nextAt: null,
    lastSlot: null,
    lastAt: null,
    ...change,
  };
}

/** Walks through times as a node would, and tells which moments were fired at which times. */
function walk(start: Schedule, times: Iterable<number>): { slot: string; at: string }[] {
  const fired: { slot: string; at: string }[] = [];
  let now = start;
  for (const time of times) {
    const step = scheduleStep(now, time);
    if (step.kind === 'wait') continue;
    if (step.kind === 'move') {
      now = { ...now, nextAt: step.nextAt, lastSlot: step.lastSlot };
      continue;
    }
    fired.push({ slot: new Date(step.slot).toISOString(), at: new Date(time).toISOString() });
    now = { ...now, nextAt: step.nextAt, lastSlot: step.slot, lastAt: time };
  }
  return fired;
}

function* every(ms: number, from: number, to: number): Generator<number> {
  for (let time = from; time < to; time += ms) yield time;
}

test('each moment is fired once, however often one looks', () => {
  const from = at('2024-03-01T00:30:00Z');
  const fired = walk(schedule(), every(10_000, from, from + 5 * hour));
  assert.deepEqual(
    fired.map(({ slot }) => slot.slice(11, 16)),
    ['01:00', '02:00', '03:00', '04:00', '05:00'],
  );
});

test('moments that passed unseen are fired once together', () => {
  const from = at('2024-03-01T00:30:00Z');
  const fired = walk(schedule(), [from, from + 10 * hour, from + 10 * hour + 1_000]);
  assert.deepEqual(fired.length, 1);
});

test('a daily run comes once a day through both changes of daylight saving', () => {
  // Europe/Berlin: 2024-03-31 has no 02:30, 2024-10-27 has it twice (IANA tz database).
  for (const [from, days] of [
    ['2024-03-29T00:00:00Z', 5],
    ['2024-10-25T00:00:00Z', 5],
  ] as const) {
    const daily = schedule({ cron: '30 2 * * *', zone: 'Europe/Berlin' });
    const fired = walk(daily, every(60_000, at(from), at(from) + days * day));
    const local = fired.map(({ slot }) => new Date(slot).toLocaleDateString('en-CA', { timeZone: 'Europe/Berlin' }));
    assert.equal(new Set(local).size, local.length, `${local}`);
    assert.equal(local.length, days);
  }
});

test('a clock set back a day fires no moment twice, and goes on', () => {
  const from = at('2024-03-01T00:30:00Z');
  const fired = walk(schedule(), [
    ...every(60_000, from, from + 3 * hour),
    ...every(60_000, from + 3 * hour - day, from + 5 * hour),
  ]);
  const slots = fired.map(({ slot }) => slot);
  assert.equal(new Set(slots).size, slots.length, 'none twice');
  assert.equal(slots.length, 5);
});

test('a clock that was a year ahead fires once, and is forgotten when it is put right', () => {
  const from = at('2024-03-01T00:30:00Z');
  const fired = walk(schedule(), [
    ...every(60_000, from, from + hour),
    ...every(60_000, from + 365 * day, from + 365 * day + 60 * 60_000),
    ...every(60_000, from + 2 * hour, from + 4 * hour),
  ]);
  assert.deepEqual(
    fired.map(({ at: time }) => time.slice(0, 13)),
    ['2024-03-01T01', '2025-03-01T00', '2025-03-01T01', '2024-03-01T03', '2024-03-01T04'],
  );
});

test('an interval goes on after its span, whatever the clock did', () => {
  const from = at('2024-03-01T00:00:00Z');
  const fired = walk(schedule({ cron: '@every 3600' }), [
    ...every(60_000, from, from + 2.5 * hour),
    ...every(60_000, from + 2.5 * hour - day, from + 5 * hour - day),
  ]);
  assert.equal(fired.length, 4);
});

test('jitter puts a run off by the same time on every node, within its bound', () => {
  const spread = new Set<number>();
  for (let i = 0; i < 200; i++) {
    const wait = jitterOf({ name: `s${i}`, jitterMs: 60_000 }, 1_000_000);
    assert.equal(wait, jitterOf({ name: `s${i}`, jitterMs: 60_000 }, 1_000_000));
    assert.ok(wait >= 0 && wait <= 60_000);
    spread.add(Math.floor(wait / 6_000));
  }
  assert.ok(spread.size >= 10, 'over the whole span');
});

test('disabled schedules wait; expressions that mean nothing are refused', () => {
  assert.deepEqual(scheduleStep(schedule({ enabled: false, nextAt: 0 }), 10), { kind: 'wait' });
  for (const wrong of ['', 'often', '@every 0', '61 * * * *', '* * * *']) {
    assert.throws(
      () => nextMoment(wrong, 'UTC', 0),
      (error) => hasCode(error, 'invalid_schedule'),
      wrong,
    );
  }
});
