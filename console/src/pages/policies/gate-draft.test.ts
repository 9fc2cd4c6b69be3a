import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { policySchema } from '../../../../src/findings/gate/policy-schema.ts';
import { documentOf, firstDraft, type GateDraft, problemsOf } from './gate-draft.ts';
import { toYaml } from './yaml.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('yes', 'null', '- a', '# x', 'a: b', '1.0', '"', "'", '\n', '&a', '*', 'x ', '2026-01-01'),
);

test('what is written reads back as the same document', () => {
  fc.assert(
    fc.property(fc.array(hostile, { maxLength: 4 }), hostile, fc.nat(), (list, name, max) => {
      const document = {
        version: 1,
        name,
        sensitive: { severity: 'high', max, except: list },
        allow: [{ id: name, b: { c: max } }],
      };
      assert.deepEqual(parse(toYaml(document)), document);
    }),
    { numRuns: 500 },
  );
});

const full: GateDraft = {
  ...firstDraft(),
  sensitive: { severity: 'high', max: '0', except: ['jetbrains_ides'] },
  baseline: { severity: 'low', max: '2', except: [] },
  packages: [{ key: 1, purl: 'pkg:npm/event-stream@3.3.6', reason: 'was malicious' }],
  allow: [{ key: 1, id: 'CVE-2024-0001', package: 'pkg:deb/debian/openssl', reason: 'not used', until: '' }],
};

test('a draft without mistakes is a policy as the command reads it', () => {
  for (const draft of [firstDraft(), full]) {
    assert.deepEqual(problemsOf(draft), []);
    policySchema.parse(parse(toYaml(documentOf(draft))));
  }
});

test('mistakes are named with the element they are in', () => {
  const draft: GateDraft = {
    ...full,
    vulnerabilities: [{ ...(full.vulnerabilities[0] as never as object), max: '-1' } as never],
    maxAgeDays: '99999',
    packages: [{ key: 1, purl: 'event-stream', reason: '' }],
    allow: [{ key: 1, id: '', package: 'x', reason: '', until: '' }],
  };
  assert.deepEqual(
    problemsOf(draft).map(({ code }) => code),
    ['max', 'days', 'purl', 'id', 'reason', 'package'],
  );
});
