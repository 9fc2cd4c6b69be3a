import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ControlLimits, type ControlProblems, ControlReader, controlLimits } from './control.ts';

type Plain = Record<string, string>;

function read(
  text: string | readonly Uint8Array[],
  limits: Partial<ControlLimits> = {},
): { records: Plain[]; oversized: boolean[]; problems: ControlProblems } {
  const records: Plain[] = [];
  const oversized: boolean[] = [];
  const reader = new ControlReader(
    ['package', 'version', 'status'],
    (record) => {
      records.push(Object.fromEntries(record.fields));
      oversized.push(record.oversized);
    },
    { ...controlLimits, ...limits },
  );
  for (const chunk of typeof text === 'string' ? [Buffer.from(text)] : text) reader.push(chunk);
  return { records, oversized, problems: reader.finish() };
}

test('chosen fields, in any case, first one wins, others skipped', () => {
  const { records, problems } = read(
    '\n\nPACKAGE: a\nVersion:1.0-1 \nDescription: words\n more: words\n .\nversion: 2\n\n \nPackage: b\nStatus: x\n y\n',
  );
  assert.deepEqual(records, [
    { package: 'a', version: '1.0-1' },
    { package: 'b', status: 'x\n y' },
  ]);
  assert.deepEqual(problems, { truncated: false, malformed: 0 });
});

test('damaged lines are counted, the rest is read', () => {
  const { records, problems } = read(' lost\nno colon here\n: no name\nPackage: a\n?\n');
  assert.deepEqual(records, [{ package: 'a' }]);
  assert.equal(problems.malformed, 4);
});

test('chunk boundaries do not matter', () => {
  const text = Buffer.from('Package: ä\nVersion: 1\nX: y\n z\n\nPackage: b\nVersion: 2~é\n\n\nPackage: c');
  const whole = read([text]);
  assert.deepEqual(whole.records.length, 3);
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
      const bounds = [0, ...cuts.sort((a, b) => a - b), text.length];
      const chunks = bounds.slice(1).map((end, i) => text.subarray(bounds[i], end));
      assert.deepEqual(read(chunks), whole);
    }),
  );
});

test('limits: field, records, bytes', () => {
  const long = read(`Package: a\nVersion: ${'1'.repeat(5000)}\nStatus: s\n\nPackage: b\n`, { fieldBytes: 100 });
  assert.deepEqual(long.records, [{ package: 'a', version: '', status: 's' }, { package: 'b' }]);
  assert.deepEqual(long.oversized, [true, false]);
  const folded = read(`Package: a\nVersion: 1\n${' x\n'.repeat(100)}Status: s\n`, { fieldBytes: 100 });
  assert.deepEqual(folded.oversized, [true]);
  const unfinished = read([Buffer.from(`Package: a\nVersion: ${'1'.repeat(500)}`), Buffer.from('2\nStatus: s')], {
    fieldBytes: 100,
  });
  assert.deepEqual(unfinished.records, [{ package: 'a', version: '', status: 's' }]);
  const many = read('Package: a\n\n'.repeat(10), { records: 3 });
  assert.equal(many.records.length, 3);
  assert.equal(many.problems.truncated, true);
  const big = read([Buffer.from('Package: a\n\n'), Buffer.from('Package: b\n\n')], { bytes: 20 });
  assert.deepEqual(big.records, [{ package: 'a' }]);
  assert.equal(big.problems.truncated, true);
});
