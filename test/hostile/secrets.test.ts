import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSecrets } from '../../src/detectors/secrets/detector.ts';
import { secretVisitors } from '../../src/detectors/secrets/engine/visitor.ts';
import { compileRules } from '../../src/detectors/secrets/engine/window-scan.ts';
import type { SecretFacts } from '../../src/detectors/secrets/facts.ts';
import { fileRules } from '../../src/detectors/secrets/files/list.ts';
import { contentRules } from '../../src/detectors/secrets/tokens/list.ts';
import type { LayerVisitor } from '../../src/image/index.ts';
import { detect } from '../support/detection.ts';

/** All rules, those that are off by default as well; a clock that runs fast makes the time of a file shorter. */
function visitor(speed: number): LayerVisitor<SecretFacts> {
  const now = (): number => performance.now() * speed;
  const options = {
    ...{ id: 'test', version: 1, key: Buffer.from('key') },
    compiled: compileRules(contentRules),
    fileRules,
    now,
  };
  return secretVisitors(options)();
}

const entry = (path: string, size: number) =>
  ({ path, type: 'file', mode: 0o644, uid: 0, gid: 0, size, mtime: 0 }) as const;
const mib = 1024 * 1024;

/** Feeds a file made of one piece over and over; nothing of it is kept. */
function feed(
  path: string,
  pieces: number,
  piece: Buffer,
  speed = 1,
): { facts: SecretFacts; seconds: number; growth: number } {
  const fresh = visitor(speed);
  const before = process.memoryUsage().rss;
  const started = performance.now();
  const sink = fresh.sink?.(entry(path, pieces * piece.length));
  let growth = 0;
  for (let i = 0; i < pieces; i++) {
    if (sink?.chunk(piece) !== true) break;
    growth = Math.max(growth, process.memoryUsage().rss - before);
  }
  sink?.end();
  return { facts: fresh.finish(), seconds: (performance.now() - started) / 1000, growth };
}

test('a line of 200 MB is read at its ends, in bounded time and memory, and told as partial', () => {
  const { facts, seconds, growth } = feed('srv/app.min.js', 200, Buffer.alloc(mib, 'var a=function(b){return b.c};'));
  assert.deepEqual(facts.incomplete, [{ path: 'srv/app.min.js', why: 'size' }]);
  assert.deepEqual(facts.found, []);
  assert.ok(seconds < 10, `${seconds} s`);
  assert.ok(growth < 128 * mib, `${growth / mib} MiB`);
});

test('a line of 200 MB that is all keywords ends within its time', () => {
  for (const text of [
    'password=',
    'PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----',
    'discord',
    'https://a:',
    'AKIA',
  ]) {
    // Half a second in place of five.
    const { facts, seconds, growth } = feed('srv/.env', 200, Buffer.alloc(mib, text), 10);
    assert.equal(facts.incomplete.length, 1, text);
    assert.ok(seconds < 5, `${text}: ${seconds} s`);
    assert.ok(growth < 192 * mib, `${text}: ${growth / mib} MiB`);
  }
});

test('a detector that was stopped says so in the result', async () => {
  const lines = Buffer.alloc(3 * mib, `glpat${'-'}abcdEFGH1234ijklMNOP\n`);
  for (let at = 0, i = 0; at + 27 < lines.length; at += 27, i++) lines.write(String(i).padStart(8, 'q'), at + 6);
  const detector = createSecrets({ secretKey: Buffer.from('key'), secrets: { off: [], on: [] } });
  const { sensitive, diagnostics } = await detect([detector], [{ 'srv/tokens.txt': lines }]);
  assert.equal(sensitive?.[0]?.rule, 'gitLab_personal_token');
  assert.deepEqual(
    diagnostics.map(({ code, path, partial }) => ({ code, path, partial })),
    [{ code: 'secrets_incomplete', path: 'srv/tokens.txt', partial: true }],
  );
});
