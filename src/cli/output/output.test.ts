import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { CodedError, type ProgressEvent } from '../../kernel/index.ts';
import { exitCodes } from '../exit-codes.ts';
import { describeError, exitCodeOf, reportError, UsageError } from './errors.ts';
import { byteText, parseProgressMode, showProgress } from './progress.ts';
import { colorFor, type Output, widthOf } from './terminal.ts';

function capture(properties: { isTTY?: boolean; columns?: number } = {}): { out: Output; text: () => string } {
  const stream = new PassThrough();
  return { out: Object.assign(stream, properties), text: () => String(stream.read() ?? '') };
}

const coded = (code: string, options: ConstructorParameters<typeof CodedError>[2] = {}): CodedError =>
  new CodedError(code, `it is ${code}`, options);

test('every documented exit code has its errors', () => {
  const table = [
    [new Error('anything'), exitCodes.error],
    ['a thrown string', exitCodes.error],
    [coded('unavailable'), exitCodes.error],
    [new UsageError('no'), exitCodes.usage],
    [coded('invalid_reference'), exitCodes.usage],
    [coded('still_vulnerable'), exitCodes.verificationFailed],
    [coded('unauthorized'), exitCodes.auth],
    [coded('denied'), exitCodes.auth],
    [coded('ambiguous_image'), exitCodes.usage],
    [coded('not_found'), exitCodes.notFound],
    [coded('image_not_found'), exitCodes.notFound],
    [Object.assign(new Error('open'), { code: 'ENOENT' }), exitCodes.notFound],
    [coded('advisory_data_stale'), exitCodes.advisoriesStale],
    [coded('timeout'), exitCodes.timeout],
    [new DOMException('late', 'TimeoutError'), exitCodes.timeout],
    [AbortSignal.abort().reason, exitCodes.interrupted],
    [coded('source_unavailable', { cause: coded('not_found') }), exitCodes.notFound],
  ] as const;
  for (const [error, exit] of table) assert.equal(exitCodeOf(error), exit, String(error));
});

test('an error says what, why and what to do, and obeys nothing that is in it', () => {
  const error = coded('x', { hint: 'Do this.', cause: new Error('root \u001b[31mcause\nsecond line') });
  assert.equal(describeError(error), 'error: it is x\n  because: root \\x1b[31mcause second line\n  → Do this.\n');
  assert.ok(describeError(error, { color: true }).includes('\u001b['));
  const ring = new Error('ring');
  ring.cause = ring;
  assert.equal(describeError(ring), 'error: ring\n');
});

test('an interruption is told in one word', () => {
  const stderr = capture();
  const exit = reportError(AbortSignal.abort().reason, { stdout: capture().out, stderr: stderr.out, env: {} });
  assert.equal(exit, exitCodes.interrupted);
  assert.equal(stderr.text(), 'interrupted\n');
});

const events: ProgressEvent[] = [
  { kind: 'stage', stage: 'reading', detail: 'a\u001b[2Jb' },
  { kind: 'progress', step: 'layers', done: 1, total: 2, unit: 'items' },
  { kind: 'message', level: 'warning', text: 'old\u202edata' },
  { kind: 'progress', step: 'download', done: 2_000_000, total: 2_000_000, unit: 'bytes' },
];

function shown(mode: Parameters<typeof showProgress>[0], options: { tty?: boolean; quiet?: boolean } = {}): string {
  const { out, text } = capture({ isTTY: options.tty ?? false, columns: 60 });
  const view = showProgress(mode, out, options.quiet);
  for (const event of events) view.progress(event);
  view.close();
  return text();
}

test('progress: plain lines, one redrawn line, JSON Lines, nothing', () => {
  assert.equal(shown('auto'), 'reading a\\x1b[2Jb\nwarning: old\\u202edata\n');
  assert.equal(shown('plain', { tty: true }), shown('plain'));
  assert.equal(shown('none'), 'warning: old\\u202edata\n');
  assert.equal(shown('tty', { quiet: true }), 'warning: old\\u202edata\n');
  assert.deepEqual(
    shown('json')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    events,
  );
  const drawn = shown('auto', { tty: true });
  assert.ok(drawn.includes('download 2.0 MB / 2.0 MB'));
  assert.ok(drawn.endsWith('\r\u001b[2K'), 'leaves a clean line');
  assert.ok(!drawn.includes('\u001b[2J'));
});

test('modes, colour and width', () => {
  assert.equal(parseProgressMode('json'), 'json');
  assert.throws(() => parseProgressMode('loud'), UsageError);
  const tty = capture({ isTTY: true, columns: 20 }).out;
  assert.equal(colorFor(tty, {}, undefined), true);
  assert.equal(colorFor(tty, { NO_COLOR: '1' }, undefined), false);
  assert.equal(colorFor(tty, { TERM: 'dumb' }, undefined), false);
  assert.equal(colorFor(tty, {}, false), false);
  assert.equal(colorFor(capture().out, {}, undefined), false);
  assert.equal(widthOf(tty), 40);
  assert.equal(widthOf(capture().out), 100);
});

test('bytes for people', () => {
  assert.deepEqual([0, 999, 1000, 1_500, 99_949, 123_456, 63_000_000, 2.5e13].map(byteText), [
    '0 B',
    '999 B',
    '1.0 kB',
    '1.5 kB',
    '99.9 kB',
    '123 kB',
    '63.0 MB',
    '25.0 TB',
  ]);
});
