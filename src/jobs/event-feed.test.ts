import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeTimers } from '../../test/support/fake-timers.ts';
import type { OutboxEvent } from './contract.ts';
import { createEventFeed } from './event-feed.ts';

function bench() {
  const events: OutboxEvent[] = [];
  const timers = new FakeTimers();
  let reads = 0;
  const log = {
    async after(id: number, limit: number) {
      reads++;
      return events.filter((event) => event.id > id).slice(0, limit);
    },
    newest: async () => events.at(-1)?.id ?? 0,
    prune: async () => 0,
  };
  const feed = createEventFeed({ log, timers, pollMs: 1_000 });
  const add = (id: number): void => void events.push({ id, at: id, topic: 't', projectId: null, payload: id });
  const read = (after?: number) => {
    const seen: number[] = [];
    const controller = new AbortController();
    const done = (async () => {
      const options = { ...(after !== undefined && { after }), signal: controller.signal };
      for await (const event of feed.subscribe(options)) seen.push(event.id);
    })();
    return { seen, stop: () => controller.abort(), done };
  };
  return { timers, feed, add, read, reads: () => reads };
}

test('a reader gets what came behind its position, then what comes, in order and once', async () => {
  const { timers, feed, add, read } = bench();
  for (let id = 1; id <= 500; id++) add(id);
  const reader = read(2);
  await timers.pass(0);
  assert.equal(reader.seen.length, 498);
  add(501);
  feed.wake();
  await timers.pass(0);
  assert.equal(reader.seen.at(-1), 501);
  add(502);
  await timers.pass(999);
  assert.equal(reader.seen.at(-1), 501, 'another process wrote it: seen with the poll');
  await timers.pass(1);
  assert.equal(reader.seen.at(-1), 502);
  assert.equal(new Set(reader.seen).size, reader.seen.length);
  reader.stop();
  await timers.pass(0);
  await reader.done;
});

test('without a position a reader gets only what is new; every reader gets everything', async () => {
  const { timers, feed, add, read } = bench();
  add(1);
  const readers = [read(), read(), read(0)];
  await timers.pass(0);
  add(2);
  feed.wake();
  await timers.pass(0);
  assert.deepEqual(
    readers.map(({ seen }) => seen),
    [[2], [2], [1, 2]],
  );
  for (const reader of readers) reader.stop();
  await timers.pass(0);
  await Promise.all(readers.map(({ done }) => done));
});

test('nobody polls when nobody reads, and one poll serves all', async () => {
  const { timers, read, reads } = bench();
  await timers.pass(60_000);
  assert.equal(reads(), 0);
  const readers = [read(), read(), read()];
  await timers.pass(0);
  const before = reads();
  await timers.pass(1_000);
  assert.equal(reads() - before, 3);
  assert.equal(timers.waiting, 1);
  for (const reader of readers) reader.stop();
  await timers.pass(2_000);
  assert.equal(timers.waiting, 0);
});
