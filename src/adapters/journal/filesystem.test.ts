import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FixRecord } from '../../fix/index.ts';
import { digestOf } from '../../image/index.ts';
import { acquireFileLock, isLocked } from './file-lock.ts';
import { createFilesystemJournal, sweepJournal } from './filesystem.ts';

const signal = new AbortController().signal;
const target = { repository: 'registry.example/app', tag: 'v1-fixed' };

async function directory(t: { after(fn: () => Promise<void>): void }): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'drydock-journal-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

function record(key: string, change: Partial<FixRecord> = {}): FixRecord {
  return {
    schema: 1,
    key,
    id: 'ivf-1',
    stage: 'queued',
    terminal: false,
    engine: 'drydock 0',
    startedAt: '2024-01-01T00:00:00.000Z',
    plannedAt: '2024-01-01T00:00:00.000Z',
    source: { reference: 'registry.example/app:v1', digest: digestOf('source') },
    target,
    tagBefore: null,
    parts: [],
    root: null,
    pushed: [],
    referrers: [],
    temporaryTags: [],
    transitions: [],
    report: null,
    ...change,
  };
}

test('a record comes back as it was written, the latest one', async (t) => {
  const journal = createFilesystemJournal(await directory(t));
  assert.equal(await journal.read('k1'), undefined);
  await journal.write(record('k1'));
  await journal.write(record('k1', { stage: 'planned' }));
  assert.deepEqual(await journal.read('k1'), record('k1', { stage: 'planned' }));
  await journal.remove('k1');
  assert.equal(await journal.read('k1'), undefined);
});

test('a key never becomes a path', async (t) => {
  const base = await directory(t);
  const journal = createFilesystemJournal(join(base, 'journal'));
  await journal.write(record('../../escape'));
  assert.deepEqual(await readdir(base), ['journal']);
  assert.equal((await journal.read('../../escape'))?.key, '../../escape');
});

test('a damaged record is as good as none', async (t) => {
  const base = await directory(t);
  const journal = createFilesystemJournal(base);
  const key = 'a'.repeat(64);
  await journal.write(record(key));
  await writeFile(join(base, 'tasks', `${key}.json`), '{"schema":1,"key":');
  assert.equal(await journal.read(key), undefined);
});

test('abandoned are the tasks that have neither an end nor a live worker', async (t) => {
  const journal = createFilesystemJournal(await directory(t));
  await journal.write(record('dead'));
  await journal.write(record('done', { terminal: true }));
  await journal.write(record('live', { target: { ...target, tag: 'other' } }));
  await using _lease = await journal.lease({ ...target, tag: 'other' }, signal);
  assert.deepEqual(
    (await journal.abandoned()).map(({ key }) => key),
    ['dead'],
  );
});

test('own results are found by the digest of their manifest only', async (t) => {
  const journal = createFilesystemJournal(await directory(t));
  const result = { manifest: digestOf('m'), layer: digestOf('l'), origin: digestOf('o') };
  await journal.addOwnResult(result);
  assert.deepEqual(await journal.ownResult(digestOf('m')), result);
  assert.equal(await journal.ownResult(digestOf('l')), undefined);
});

test('a lease is held by one at a time; the next gets it when it is given back', async (t) => {
  const journal = createFilesystemJournal(await directory(t));
  const order: string[] = [];
  const first = await journal.lease(target, signal);
  const waiting = journal.lease(target, signal).then((lease) => {
    order.push('second');
    return lease;
  });
  assert.equal(await first.held(), true);
  order.push('first');
  await first[Symbol.asyncDispose]();
  const second = await waiting;
  assert.deepEqual(order, ['first', 'second']);
  assert.equal(await first.held(), false);
  assert.equal(await second.held(), true);
  await second[Symbol.asyncDispose]();
});

test('waiting for a lease ends when it is cancelled and leaves nothing behind', async (t) => {
  const base = await directory(t);
  const path = join(base, 'x.lock');
  await using _holder = await acquireFileLock(path, signal);
  const cancel = new AbortController();
  const waiting = acquireFileLock(path, cancel.signal);
  setTimeout(() => cancel.abort(), 30);
  await assert.rejects(waiting, { name: 'AbortError' });
  assert.deepEqual(await readdir(base), ['x.lock']);
});

test('the lock of a dead process is taken over, also when its pid was given to another one', async (t) => {
  const path = join(await directory(t), 'x.lock');
  const dead = { nonce: 'old', host: hostname(), pid: process.pid, started: '1' };
  await writeFile(path, JSON.stringify(dead));
  assert.equal(await isLocked(path), false);
  await using lock = await acquireFileLock(path, signal);
  assert.equal(await lock.held(), true);
});

test('half-written documents of dead writers are removed', async (t) => {
  const base = await directory(t);
  const journal = createFilesystemJournal(base);
  await journal.write(record('k'));
  await writeFile(join(base, 'tasks', 'k.json.1000-0a0b'), '{');
  assert.equal(await sweepJournal(base), 1);
  assert.equal((await journal.read('k'))?.key, 'k');
});
