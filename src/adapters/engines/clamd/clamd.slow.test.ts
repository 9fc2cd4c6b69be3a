import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type FakeClamd, fakeClamd } from '../../../../test/support/fake-clamd.ts';
import { fixedClock } from '../../../kernel/index.ts';
import { type ClamdOptions, createClamd } from './clamd.ts';

const clock = fixedClock('2026-06-10T12:00:00Z');
const quick = { connectMs: 1000, sendMs: 400, replyMs: 400, idleMs: 50, downMs: 60_000, retryMs: 5 };
const abc = (size: number): string => 'abcdefgh'.repeat(Math.ceil(size / 8)).slice(0, size);

/** A client of a fake daemon; `scan` takes texts, each a chunk. */
async function world(t: TestContext, behaviour: FakeClamd, options: Partial<ClamdOptions> = {}) {
  const daemon = await fakeClamd(t, behaviour);
  const limits = { ...quick, ...options.limits };
  const engine = createClamd({ address: daemon.address, clock, ...options, limits });
  t.after(() => engine[Symbol.asyncDispose]());
  const scan = (path: string, ...chunks: readonly (string | Uint8Array)[]) =>
    engine.scan(
      { path, size: -1 },
      (async function* () {
        for (const [at, chunk] of chunks.entries()) {
          if (at === 2) await delay(20);
          yield Buffer.from(chunk);
        }
      })(),
    );
  return { daemon, engine, scan };
}

const clean: FakeClamd = { file: ({ reply }, number) => reply(number, 'stream: OK') };
const nothing = { hits: [], incomplete: null };

test('a file is streamed in frames, and its signature becomes a hit', async (t) => {
  const seen: string[] = [];
  const { scan } = await world(t, {
    file({ reply }, number, bytes) {
      seen.push(bytes.toString());
      reply(number, bytes.includes('bad') ? 'stream: Unix.Trojan.Made-Up-1234-0.UNOFFICIAL FOUND' : 'stream: OK');
    },
  });
  assert.deepEqual(await scan('usr/bin/good', 'go', 'od'), nothing);
  const { hits, incomplete } = await scan('usr/bin/bad', 'b', 'ad');
  assert.equal(incomplete, null);
  assert.deepEqual(hits, [
    {
      rule: 'Unix.Trojan.Made-Up-1234-0',
      key: 'TROJAN_IMG',
      level: 'serious',
      family: 'Made-Up',
      title: 'Unix.Trojan.Made-Up-1234-0.UNOFFICIAL',
      matches: [],
    },
  ]);
  assert.deepEqual(seen, ['good', 'bad']);
});

test('replies out of order reach the files that they are about', async (t) => {
  const waiting: { number: number; text: string }[] = [];
  const { scan, daemon } = await world(
    t,
    {
      file(session, number, bytes) {
        waiting.push({ number, text: `stream: Own.${bytes.toString()} FOUND` });
        if (waiting.length < 5) return;
        // All in one write, the last first.
        session.raw(
          waiting
            .reverse()
            .map((entry) => `${entry.number}: ${entry.text}\0`)
            .join(''),
        );
      },
    },
    { limits: { sessions: 1 } },
  );
  const names = ['a', 'b', 'c', 'd', 'e'];
  const verdicts = await Promise.all(names.map((name) => scan(name, name)));
  assert.deepEqual(
    verdicts.map(({ hits }) => hits[0]?.rule),
    names.map((name) => `Own.${name}`),
  );
  assert.equal(daemon.sessions(), 1);
});

test('no more files wait for replies than are allowed, over no more sessions than are allowed', async (t) => {
  let [under, most] = [0, 0];
  const { scan, daemon } = await world(
    t,
    {
      file(session, number) {
        most = Math.max(most, ++under);
        setTimeout(() => {
          under--;
          session.reply(number, 'stream: OK');
        }, 5);
      },
    },
    { limits: { sessions: 2, outstanding: 3, idleMs: 5000 } },
  );
  const verdicts = await Promise.all(Array.from({ length: 40 }, (_, index) => scan(`f${index}`, abc(100))));
  assert.deepEqual(verdicts, Array(40).fill(nothing));
  assert.ok(most <= 6, `${most} at a time`);
  assert.ok(daemon.sessions() <= 2);
});

test('a session that is in use again is not closed for having been idle', async (t) => {
  const { scan } = await world(
    t,
    { file: ({ reply }, number) => setTimeout(() => reply(number, 'stream: OK'), 4) },
    { limits: { sessions: 1, outstanding: 4, idleMs: 20 } },
  );
  const until = performance.now() + 400;
  const lane = async () => {
    while (performance.now() < until) assert.deepEqual(await scan('x', abc(10)), nothing);
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
});

for (const [what, text, level, key] of [
  ['what is only unwanted', 'PUA.Unix.Tool.Made-Up', 'suspicious', 'TROJAN_IMG'],
  ['what a heuristic says', 'Heuristics.Encrypted.Zip', 'suspicious', 'TROJAN_IMG'],
  ['a test file', 'Eicar-Test-Signature', 'remind', 'TEST_IMG'],
  ['a miner', 'Unix.Coinminer.Made-Up-9', 'serious', 'MINER_IMG'],
] as const) {
  test(`the level of ${what}`, async (t) => {
    const { scan } = await world(t, { file: ({ reply }, number) => reply(number, `stream: ${text} FOUND`) });
    const [hit] = (await scan('x', 'x')).hits;
    assert.deepEqual([hit?.rule, hit?.level, hit?.key], [text, level, key]);
  });
}

test('limits of the daemon are files that were not looked at, never findings and never clean', async (t) => {
  const { scan } = await world(t, {
    file({ reply }, number, bytes) {
      if (bytes.length < 10) reply(number, 'stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND');
      else if (bytes.length < 100) reply(number, 'stream: Time limit reached ERROR');
      else reply(number, "stream: Can't allocate memory ERROR");
    },
  });
  const codes = [];
  for (const size of [5, 50, 500]) {
    const { hits, incomplete } = await scan('x', abc(size));
    assert.deepEqual(hits, []);
    assert.equal(incomplete?.partial, true);
    codes.push(incomplete?.code);
  }
  assert.deepEqual(codes, ['engine_limit', 'engine_timeout', 'engine_failed']);
});

test('files over the configured size are not sent, and said to be not looked at', async (t) => {
  const sizes: number[] = [];
  const { engine, scan } = await world(
    t,
    {
      file({ reply }, number, bytes) {
        sizes.push(bytes.length);
        reply(number, 'stream: OK');
      },
    },
    { maxFileBytes: 1000 },
  );
  const untouched: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => assert.fail('the content was read'),
  };
  assert.equal((await engine.scan({ path: 'x', size: 1001 }, untouched)).incomplete?.code, 'engine_limit');
  assert.equal((await scan('exact', abc(600), abc(400))).incomplete, null);
  // Of a file whose size nobody knows, the beginning is looked at.
  assert.equal((await scan('unknown', abc(600), abc(600), abc(600))).incomplete?.code, 'engine_limit');
  assert.deepEqual(sizes, [1000, 1000]);
});

test('a daemon that refuses in the middle of a file is heard, and the next file gets a new session', async (t) => {
  const refused = new Set<number>();
  const { scan, daemon } = await world(t, {
    ...clean,
    part(session, number, received) {
      if (received < 200_000 || refused.has(session.session)) return;
      refused.add(session.session);
      session.reply(number, 'INSTREAM size limit exceeded. ERROR');
      setTimeout(() => session.close(), 1);
    },
  });
  const big = Array.from({ length: 40 }, () => abc(65_536));
  const { incomplete } = await scan('big', ...big);
  assert.equal(incomplete?.code, 'engine_limit');
  assert.deepEqual(await scan('small', 'small'), nothing);
  assert.equal(daemon.sessions(), 2);
});

test('a small file survives a lost connection; a large one is told of', async (t) => {
  const { scan, daemon } = await world(t, {
    file(session, number) {
      if (session.session % 2 === 1) session.close();
      else session.reply(number, 'stream: OK');
    },
  });
  assert.deepEqual(await scan('small', abc(1000)), nothing);
  assert.equal(daemon.sessions(), 2);
  await delay(80);
  const { hits, incomplete } = await scan('large', abc(200_000), abc(200_000));
  assert.deepEqual(hits, []);
  assert.equal(incomplete?.code, 'engine_unreachable');
});

const hostile: Readonly<Record<string, FakeClamd>> = {
  'answers another number': { file: ({ reply }, number) => reply(number + 7, 'stream: OK') },
  'answers without a number': { file: ({ raw }) => raw('stream: OK\0') },
  'answers before the file is there': { part: ({ reply }, number) => reply(number, 'stream: OK') },
  'sends garbage': { file: ({ raw }) => raw(Buffer.alloc(3000, 0xff)), begun: ({ raw }) => raw('\0\0\0') },
  'sends an endless reply': {
    file({ raw }, number) {
      raw(`${number}: stream: `);
      const pour = setInterval(() => raw('A'.repeat(1000)), 1);
      setTimeout(() => clearInterval(pour), 300).unref();
    },
  },
  'says nothing': {},
  'talks of other things': { file: ({ reply }, number) => reply(number, 'UNKNOWN COMMAND') },
};
for (const [what, behaviour] of Object.entries(hostile)) {
  test(`a daemon that ${what} never makes a file clean`, async (t) => {
    const { scan } = await world(t, behaviour);
    const { hits, incomplete } = await scan('x', abc(300_000), abc(10), abc(10));
    assert.deepEqual(hits, []);
    assert.equal(incomplete?.partial, true);
    assert.match(incomplete?.code ?? '', /^engine_(failed|timeout)$/);
  });
}

test('what a daemon calls a signature is cut', async (t) => {
  const { scan } = await world(t, {
    file: ({ reply }, number) => reply(number, `stream: ${'A'.repeat(3000)} FOUND`),
  });
  assert.equal((await scan('x', 'x')).hits[0]?.rule.length, 256);
});

test('a daemon that is gone costs two attempts, not two for each file', async (t) => {
  const { engine, scan, daemon } = await world(t, clean, { limits: { retryMs: 40 } });
  await daemon.stop();
  await assert.rejects(engine.version(AbortSignal.timeout(5000)), { code: 'engine_unreachable' });
  const began = performance.now();
  for (let at = 0; at < 50; at++) assert.equal((await scan('x', 'x')).incomplete?.code, 'engine_unreachable');
  assert.ok(performance.now() - began < 500);
});

test('a daemon that stopped taking data is given up', async (t) => {
  const { engine } = await world(t, { part: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700) });
  // The fake blocks this process as well: what counts is that the scan ends at all, and not as clean.
  const endless = (async function* () {
    for (let at = 0; at < 4; at++) yield Buffer.alloc(1024 * 1024);
  })();
  const { incomplete } = await engine.scan({ path: 'x', size: -1 }, endless);
  assert.equal(incomplete?.partial, true);
});

test('content that breaks off is the failure of the content; the session goes on', async (t) => {
  const { engine, scan, daemon } = await world(t, clean, { limits: { sessions: 1 } });
  const broken = (async function* () {
    yield Buffer.alloc(300_000);
    throw new Error('the layer ends here');
  })();
  await assert.rejects(engine.scan({ path: 'x', size: -1 }, broken), /the layer ends here/);
  assert.deepEqual(await scan('next', 'next'), nothing);
  assert.equal(daemon.sessions(), 1);
});

test('version, database and its age', async (t) => {
  const signal = AbortSignal.timeout(5000);
  const now = clock.now();
  const dated = await world(t, { version: 'ClamAV 1.4.6/27500/Sun Jun  7 08:12:11 2026' });
  assert.equal(await dated.engine.version(signal), 'ClamAV 1.4.6 27500 2026-06-07 up to 26214400');
  assert.equal(dated.engine.concern?.(now), null);
  const old = await world(t, { version: 'ClamAV 1.4.6/27000/Mon Jun  1 08:12:11 2026' });
  await old.engine.version(signal);
  const { code, partial } = old.engine.concern?.(now) ?? {};
  assert.deepEqual([code, partial], ['engine_stale', true]);
  const own = await world(t, { version: 'ClamAV 1.4.6' });
  assert.equal(await own.engine.version(signal), 'ClamAV 1.4.6 own 2026-06-10 up to 26214400');
  assert.equal(own.engine.concern?.(now)?.code, 'engine_database_undated');
  const other = await world(t, { version: `HTTP/1.1 400 Bad Request ${'x'.repeat(5000)}` });
  await assert.rejects(other.engine.version(signal), { code: 'engine_failed' });
});
