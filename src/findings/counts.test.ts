import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countFindings } from './counts.ts';
import type { VulnerabilityFinding } from './report.ts';

function finding(
  more: Partial<VulnerabilityFinding>,
  level: VulnerabilityFinding['severity']['level'],
): VulnerabilityFinding {
  return {
    ...({ kind: 'cve', state: 'unfixed', ignored: null } as VulnerabilityFinding),
    severity: { level, source: null, score: null, vector: null },
    ...more,
  };
}

test('what counts, and as what', () => {
  const counts = countFindings([
    finding({}, 'critical'),
    finding({ state: 'fixed' }, 'high'),
    finding({ state: 'will_not_fix' }, 'medium'),
    finding({ state: 'end_of_life' }, 'low'),
    finding({ state: 'fixed' }, 'negligible'),
    finding({}, 'unknown'),
    finding({ state: 'unimportant' }, 'high'),
    finding({ state: 'fixed', ignored: { reason: 'r', by: 'b', until: null } }, 'critical'),
    finding({ kind: 'sca' }, 'high'),
  ]);
  assert.deepEqual(counts.cve, { critical: 1, high: 1, medium: 1, low: 2, unknown: 1, total: 6, fixable: 2 });
  assert.deepEqual(counts.sca, { critical: 0, high: 1, medium: 0, low: 0, unknown: 0, total: 1, fixable: 0 });
  assert.equal(counts.baseline.total, 0);
});
