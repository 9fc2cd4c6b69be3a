import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { checkOutcome } from '../../../../test/support/detection.ts';
import { hasCode } from '../../../kernel/index.ts';
import { builtInPolicies } from '../policies.ts';
import { type BaselinePolicy, defaultBaselineSettings } from '../settings.ts';
import { readPolicyFile } from './policy-file.ts';

const policy = (text: string): BaselinePolicy => readPolicyFile(Buffer.from(text), 'p.yaml');
const asks = (of: BaselinePolicy, id: string, level: 'high' | 'medium' | 'low' = 'low'): boolean =>
  of.asks({ id, item: '', level });

test('an empty mapping is the default policy under the name of the file', () => {
  const read = policy('{}');
  assert.equal(read.name, 'p.yaml');
  assert.deepEqual(read.settings, defaultBaselineSettings);
  // risks.md §1: lint-like checks are not in `default`.
  assert.deepEqual([asks(read, 'IC-007'), asks(read, 'IC-002')], [false, true]);
});

test('the policies that need no file ask what risks.md §1 says', () => {
  const named = (name: string) => builtInPolicies.find((one) => one.name === name) as BaselinePolicy;
  assert.deepEqual([asks(named('full'), 'IC-024'), asks(named('strict'), 'FS-005')], [true, true]);
  assert.deepEqual([asks(named('normal'), 'IC-002', 'low'), asks(named('normal'), 'IC-001', 'medium')], [false, true]);
  const lintLike = 'IC-007 IC-013 IC-015 IC-018 IC-022 IC-024 FS-005 FS-011 PK-002 PK-003'.split(' ');
  assert.deepEqual(
    lintLike.map((id) => asks(named('default'), id)),
    lintLike.map(() => false),
  );
});

test('checks are named by id or item key, switched and given a level', () => {
  const read = policy(`
extends: normal
checks:
  no_user: off
  IC-022: {enabled: on, level: medium}
  apk: {level: medium}
levels: {IC-013: high}
`);
  assert.deepEqual(read.settings.levels, { 'IC-022': 'medium', 'IC-014': 'medium', 'IC-013': 'high' });
  assert.deepEqual(
    ['IC-001', 'IC-022', 'IC-014', 'IC-013', 'IC-002'].map((id) => asks(read, id)),
    [false, true, true, true, false],
  );
});

test('only leaves everything else out, but for what is switched on', () => {
  const read = policy('only: [IC-010, ak_leak]\nchecks: {IC-016: on, IC-010: off}');
  assert.deepEqual(
    ['IC-010', 'AK-001', 'IC-016', 'IC-011'].map((id) => asks(read, id, 'high')),
    [false, true, true, false],
  );
});

test('every setting can be given; those of passwords one by one', () => {
  const read = policy(`
name: mine
staleDays: 7
approvedBases: [a]
forbiddenPackages: [b]
trustedRepositories: [c]
allowedSetuid: [/d]
trustedCertificates: [e]
passwords: {words: [f], seconds: 1}
`);
  assert.equal(read.name, 'mine');
  assert.deepEqual(read.settings, {
    ...{ staleDays: 7, approvedBases: ['a'], forbiddenPackages: ['b'], trustedRepositories: ['c'] },
    ...{ allowedSetuid: ['/d'], trustedCertificates: ['e'], levels: {} },
    passwords: { enabled: true, words: ['f'], perAccount: 200, accounts: 20, seconds: 1 },
  });
});

test('a policy changes what a scan reports', async () => {
  const detectors = { policy: policy('checks: {IC-001: {level: high}, IC-007: off}') };
  assert.equal(await checkOutcome('IC-001', [{}], { detectors }), 'fail:high');
  assert.equal(await checkOutcome('IC-007', [{}], { detectors }), 'disabled');
});

const refused: readonly (readonly [text: string, says: RegExp])[] = [
  ['', /line 1: the top level: write a mapping with the keys version, name/],
  ['- a', /the top level: write a mapping/],
  ['name: a\nstaledays: 1', /line 2: staledays: no such key; there are version, .*staleDays/],
  ['checks:\n  IC-001: off\n  IC-999: off', /line 3: checks\.IC-999: no such check; there are IC-001 to IC-025/],
  ['checks:\n  IC-001:\n    level: worst', /line 3: checks\.IC-001\.level: write high, medium or low/],
  ['checks: {IC-001: maybe}', /checks\.IC-001: write on or off/],
  ['checks: {IC-001: {levle: high}}', /levle: no such key; there are enabled, level/],
  ['checks: {IC-001: off, no_user: on}', /no_user: the same check as IC-001/],
  ['only:\n- IC-001\n- nothing', /line 3: only\[1\]: no such check/],
  ['only: IC-001', /only: write a list/],
  ['extends: none', /extends: no such policy; there are default, normal, full, strict/],
  ['staleDays: -1', /staleDays: write a whole number from 0/],
  ['approvedBases: [1]', /approvedBases\[0\]: write a text/],
  ['passwords: {second: 1}', /passwords\.second: no such key; there are enabled, words/],
  ['version: 2', /version: this program reads version 1/],
  ['a: [', /is not YAML/],
  ['name: a\nname: b', /is not YAML: Map keys must be unique/],
  ['['.repeat(200), /is not YAML: nested deeper than 20/],
  ['__proto__: {x: 1}', /__proto__: no such key/],
  [`name: ${'x'.repeat(1001)}`, /longer than 1000/],
];

test('what is no policy is refused with the line and what is known there', () => {
  for (const [text, message] of refused) {
    assert.throws(() => policy(text), { code: 'baseline_policy_invalid', message }, text.slice(0, 60));
  }
  assert.throws(() => readPolicyFile(Buffer.from([0xff, 0xfe]), 'p'), { code: 'baseline_policy_invalid' });
  assert.throws(() => readPolicyFile(Buffer.alloc(1024 * 1024 + 1, 0x20), 'p'), /larger than 1048576 bytes/);
});

test('anything else fails with the same error or is read', () => {
  const words = fc.constantFrom(
    'checks',
    'only',
    'IC-001',
    ':',
    ' ',
    '\n',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '&a',
    '*a',
    'on',
    '"',
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
      try {
        assert.equal(policy(parts.join('')).name, 'p.yaml');
      } catch (error) {
        if (!hasCode(error, 'baseline_policy_invalid')) throw error;
      }
    }),
    { numRuns: 500 },
  );
});

test('the examples of the page are policies', () => {
  const page = readFileSync(
    fileURLToPath(new URL('../../../../docs/howto/write-a-baseline-policy.md', import.meta.url)),
    'utf8',
  );
  const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => policy(text));
  assert.equal(examples.length, 2);
  assert.equal(examples[0]?.settings.staleDays, 30);
  assert.equal(examples[0]?.settings.levels['IC-001'], 'high');
});
