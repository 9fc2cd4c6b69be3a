import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSchedule, nextRun } from './schedule.ts';

const minute = 60_000;
const day = 86_400_000;

test('every run comes once, in order, near its time', () => {
  const start = Date.UTC(2026, 0, 1);
  for (const [expression, period] of [
    ['0 * * * *', 60 * minute],
    ['* * * * *', minute],
    ['30 3 * * *', day],
  ] as const) {
    for (const key of ['a', 'b', 'c']) {
      let at = start;
      const runs: number[] = [];
      for (let i = 0; i < 20; i++) runs.push((at = nextRun(expression, key, at) ?? assert.fail()));
      for (let i = 1; i < runs.length; i++) assert.equal((runs[i] ?? 0) - (runs[i - 1] ?? 0), period, expression);
    }
  }
});

test('the shift is at most a tenth of the period and ten minutes, and differs by key', () => {
  const from = Date.UTC(2026, 0, 1, 0, 30);
  const shifts = new Set<number>();
  for (let i = 0; i < 50; i++) {
    const shift = (nextRun('0 3 * * *', `registry ${i}`, from) ?? 0) - Date.UTC(2026, 0, 1, 3);
    assert.ok(shift >= 0 && shift <= 10 * minute);
    shifts.add(shift);
    const short = (nextRun('*/5 * * * *', `registry ${i}`, from) ?? 0) % (5 * minute);
    assert.ok(short <= 30_000);
  }
  assert.ok(shifts.size > 40);
});

test('what is no schedule is refused', () => {
  for (const text of ['', '* * * *', '* * * * * *', '61 * * * *', '0 0 31 2 *', 'x'.repeat(200)]) {
    assert.throws(() => checkSchedule(text), { code: 'schedule_invalid' }, text);
  }
  assert.doesNotThrow(() => checkSchedule('17 3 * * 1-5'));
});
