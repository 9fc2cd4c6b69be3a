import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { DigestColumn, hashOf, NumberColumn, regrown, TextColumn, UuidColumn } from './columns.ts';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

test('columns give back what was put into them', () => {
  const values = Array.from({ length: 500 }, (_, at) =>
    at % 7 === 0 ? null : at % 11 === 0 ? 'sha256:odd' : `sha256:${sha(`${at % 50}`)}`,
  );
  const digests = new DigestColumn();
  const texts = new TextColumn();
  const numbers = new NumberColumn();
  values.forEach((value, at) => {
    digests.set(at, value);
    texts.set(at, value);
    numbers.set(at, value === null ? null : -at * 1e12);
  });
  values.forEach((value, at) => {
    assert.equal(digests.get(at), value);
    assert.equal(digests.hash(at), hashOf(value));
    assert.equal(texts.get(at), value);
    assert.equal(texts.number(at), texts.number(values.indexOf(value)));
    assert.equal(numbers.get(at), value === null ? null : -at * 1e12);
  });
});

test('ids are found among the positions given and nowhere else', () => {
  const column = new UuidColumn();
  const ids = Array.from({ length: 3000 }, (_, at) =>
    at < 1000 ? at.toString(16).padStart(32, '0') : sha(`${at}`).slice(0, 32),
  );
  ids.forEach((id, at) => {
    column.set(at, id);
  });
  const odd = Int32Array.from(ids.keys()).filter((at) => at % 2 === 1);
  const find = column.lookup(odd);
  for (const [at, id] of ids.entries()) assert.equal(find(id), at % 2 === 1 ? (at - 1) / 2 : undefined);
  for (const wrong of ['', 'x'.repeat(32), sha('no').slice(0, 32)]) assert.equal(find(wrong), undefined);
  assert.equal(column.lookup(new Int32Array(0))(ids[0] as string), undefined);
  assert.throws(() => column.set(1, 'short'), RangeError);
});

test('a longer array holds the same and the old one is gone', () => {
  const before = Int32Array.of(1, 2, 3);
  const after = regrown(before, 10);
  assert.deepEqual([...after.subarray(0, 3)], [1, 2, 3]);
  assert.equal(before.length, 0);
  assert.equal(regrown(after, 4), after);
});
