import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderedBy, readLog, stageTimes } from './log.ts';
import { stepsOf } from './steps.ts';

const log = readLog([
  '2026-01-01T00:00:00.000Z ordered by ada: 14 vulnerabilities',
  '2026-01-01T00:00:04.000Z stage: planned',
  '2026-01-01T00:00:04.100Z stage: fetching',
  '2026-01-01T00:00:09.000Z stage: building',
  '2026-01-01T00:00:20.000Z stage: pushing',
]);
const task = { createdAt: '2026-01-01T00:00:00.000Z', finishedAt: null, newImageUuid: null };

test('a log tells who ordered the fix and when its stages began', () => {
  assert.equal(orderedBy(log), 'ada');
  assert.deepEqual([...stageTimes(log).keys()], ['planned', 'fetching', 'building', 'pushing']);
  assert.deepEqual(readLog(['no time']), [{ at: null, text: 'no time' }]);
});

test('steps of a running task: done with their durations, one active, the rest waiting', () => {
  const steps = stepsOf({ ...task, status: 'running', stage: 'pushing' }, stageTimes(log));
  assert.deepEqual(
    steps.map(({ state }) => state),
    ['done', 'done', 'done', 'active', 'waiting', 'waiting'],
  );
  assert.deepEqual(
    steps.map(({ from, to }) => (from === null || to === null ? null : to - from)),
    [4000, 5000, 11_000, null, null, null],
  );
});

test('a task that failed says at which step, although its stage is only "failed"', () => {
  const steps = stepsOf(
    { ...task, status: 'failed', stage: 'failed', finishedAt: '2026-01-01T00:00:30.000Z' },
    stageTimes(log),
  );
  assert.deepEqual(
    steps.map(({ state }) => state),
    ['done', 'done', 'done', 'failed', 'missed', 'missed'],
  );
  assert.equal(steps[3]?.to, Date.parse('2026-01-01T00:00:30.000Z'));
});

test('a success that changed nothing needed only its plan', () => {
  const times = stageTimes(readLog(['2026-01-01T00:00:04.000Z stage: planned']));
  const steps = stepsOf(
    { ...task, status: 'success', stage: 'planned', finishedAt: '2026-01-01T00:00:05.000Z' },
    times,
  );
  assert.deepEqual(
    steps.map(({ state }) => state),
    ['done', 'unneeded', 'unneeded', 'unneeded', 'unneeded', 'unneeded'],
  );
});

test('without a log a success is still whole', () => {
  const steps = stepsOf(
    {
      ...task,
      status: 'success',
      stage: 'promoted',
      newImageUuid: 'a',
      finishedAt: '2026-01-01T00:00:05.000Z',
    },
    new Map(),
  );
  assert.ok(steps.every(({ state }) => state === 'done'));
});
