import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choiceOf, remaining, withChoice } from './choice.ts';
import { orderOf, tagMistake } from './plan-order.ts';

const none = { records: '', vulns: '', strategy: '' };

test('an address without a selection asks for everything that can be fixed', () => {
  assert.deepEqual(orderOf('a', none), { image: 'a', allFixable: true, strategy: 'best-effort' });
});

test('named records and vulnerabilities are all or nothing unless the address says otherwise', () => {
  assert.deepEqual(orderOf('a', { ...none, records: '3,x,3,7' }), {
    image: 'a',
    records: [3, 7],
    strategy: 'all-or-nothing',
  });
  assert.deepEqual(orderOf('a', { ...none, vulns: 'CVE-1, CVE-2', strategy: 'best-effort' }), {
    image: 'a',
    vulnerabilities: ['CVE-1', 'CVE-2'],
    strategy: 'best-effort',
  });
  assert.equal(orderOf('a', { ...none, vulns: 'CVE-1', strategy: 'nonsense' }).strategy, 'all-or-nothing');
});

test('a tag is one, is not kept for the engine, and is not that of the image', () => {
  assert.equal(tagMistake('1.4.2_fix_1', '1.4.2'), null);
  for (const bad of ['', '-x', 'a b', 'ü', 'x'.repeat(129)]) assert.equal(tagMistake(bad, null), 'tagInvalid', bad);
  assert.equal(tagMistake('drydock-tmp-1', null), 'tagReserved');
  assert.equal(tagMistake('v1', 'v1'), 'tagSame');
});

test('an upgrade is chosen as far as what it fixes is', () => {
  const upgrade = { fixes: ['A', 'B'] };
  const one = withChoice(new Set(), ['A'], false);
  assert.equal(choiceOf(upgrade, new Set()), 'all');
  assert.equal(choiceOf(upgrade, one), 'some');
  assert.equal(choiceOf(upgrade, withChoice(one, ['B'], false)), 'none');
  assert.deepEqual(remaining(['A', 'B', 'C'], one), ['B', 'C']);
  assert.deepEqual([...withChoice(one, ['A'], true)], []);
});
