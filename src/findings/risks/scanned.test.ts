import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toyReport } from '../../../test/support/facts-world.ts';
import { failedCheck, riskFindings, sensitiveFile } from '../../../test/support/risk-samples.ts';
import { mostRisks } from './limits.ts';
import { decodeRiskMembers, encodeRiskMembers } from './members.ts';
import { riskFacts, riskFinding, riskHash } from './risk-facts.ts';
import { scannedRisks } from './scanned.ts';

const report = (risks: Parameters<typeof toyReport>[0]['risks']) =>
  toyReport({ number: 1, release: '12', packages: [], ...(risks && { risks }) });

test('findings come apart and together again', () => {
  fc.assert(
    fc.property(riskFindings, (findings) => {
      for (const finding of findings) {
        const { head, body } = riskFacts(finding);
        assert.deepEqual(riskFinding(head, body), finding);
      }
    }),
  );
});

test('a decision is no part of what is stored', () => {
  const ignored = { reason: 'known', by: 'ann', until: null };
  const plain = failedCheck('ID-001');
  assert.deepEqual(riskFacts({ ...plain, ignored, known: true }), riskFacts(plain));
  assert.deepEqual(riskHash(riskFacts(plain)), riskHash(riskFacts({ ...plain, ignored })));
});

test('of one kind so many are stored and the rest is told', () => {
  const many = Array.from({ length: mostRisks + 3 }, (_, at) => sensitiveFile('pem', `k${at}`));
  const { risks, left } = scannedRisks(report([failedCheck('ID-001'), ...many]));
  assert.equal(risks.found.length, mostRisks + 1);
  assert.deepEqual(
    left.map(({ code, partial }) => [code, partial]),
    [['risks_truncated', true]],
  );
  assert.deepEqual(scannedRisks(report([failedCheck('ID-001')])).left, []);
});

test('what was not asked is named', () => {
  assert.deepEqual(scannedRisks(report(undefined)).risks.notAsked, ['baseline', 'malware', 'secret']);
  assert.deepEqual(scannedRisks(report([])).risks.notAsked, []);
});

test('sets keep their order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 2 ** 31 - 1 })), (ids) => {
      assert.deepEqual([...decodeRiskMembers(encodeRiskMembers(ids))], ids);
    }),
  );
  assert.throws(() => decodeRiskMembers(Uint8Array.of(1, 2, 3)), /whole numbers/);
});
