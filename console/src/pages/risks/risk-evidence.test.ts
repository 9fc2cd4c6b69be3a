import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidenceOf, evidenceTotal, factsOf } from './risk-evidence.ts';

test('a check has many places, a file one', () => {
  const check = {
    finding: {
      kind: 'baseline',
      total: 250,
      evidence: [{ path: 'etc/shadow', layer: null, line: 3, excerpt: 'a…', inBase: true }],
    },
  };
  assert.deepEqual(evidenceOf(check), [
    { path: 'etc/shadow', line: 3, excerpt: 'a…', layer: null, member: null, inBase: true, present: true },
  ]);
  assert.equal(evidenceTotal(check), 250);
  const file = {
    finding: { path: 'a.jar', member: 'b.class', layer: 'sha256:1', present: false, md5: 'x', line: null },
  };
  assert.deepEqual(evidenceOf(file), [
    { path: 'a.jar', line: null, excerpt: null, layer: 'sha256:1', member: 'b.class', inBase: false, present: false },
  ]);
  assert.equal(factsOf(file).md5, 'x');
});

test('a finding of a newer server is shown without what is not understood', () => {
  assert.deepEqual(evidenceOf({ finding: {} }), []);
  assert.equal(evidenceTotal({ finding: {} }), 1);
});
