/**
 * The gate against false alarms (risks.md §5): systems exactly as their distribution installs them, looked at once with
 * all detectors. Whatever else is told of them than the table beside this file expects is a false alarm, or a change that
 * somebody has to look at and give a reason for. `DRYDOCK_TEST_CLEAN=1` adds systems that take minutes.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  type BaselineResult,
  createDetectors,
  type MaliciousFile,
  type SensitiveFile,
} from '../../src/detectors/index.ts';
import { bundledRules } from '../../src/detectors/malware/bundled/index.ts';
import { compileRules } from '../../src/detectors/malware/engine/compile.ts';
import type { SecretFacts } from '../../src/detectors/secrets/facts.ts';
import { debianRootfs } from '../support/debian-image.ts';
import { debianMirror } from '../support/debian-mirror.ts';
import { detectorOptions, examineWith } from '../support/detection.ts';
import { needs } from '../support/system.ts';
import { tarImage } from '../support/tar-image.ts';
import {
  byMirror,
  type CleanSystem,
  cleanSystems,
  documentedHigh,
  type Expectation,
  noHistory,
} from './clean-systems.data.ts';

/** Certificates and ends of life are judged as of this day. */
const now = new Date('2026-06-01T00:00:00Z');

const { set, rejected } = compileRules(bundledRules());
const detectors = await createDetectors(detectorOptions(['secret', 'malware', 'baseline'], { rules: async () => set }));
const [secrets] = detectors;

test('all bundled rules are used, and nothing but low and medium findings are expected beside documented ones', () => {
  assert.deepEqual(rejected, []);
  const lines = cleanSystems.flatMap(({ baseline, sensitive }) => [...findings(baseline), ...findings(sensitive)]);
  assert.deepEqual(
    lines.filter((line) => !/ (?:low|medium)(?: default)?$/.test(line)),
    [],
  );
});

for (const system of cleanSystems) {
  const { suite, packages } = system;
  const name = packages.length === 0 ? suite : `${suite} with ${packages.join(', ')}`;
  test(`a clean system gives what was reviewed: ${name}`, { timeout: 900_000 }, async (t) => {
    const mirror = debianMirror();
    if (mirror === undefined) return t.skip('needs a Debian mirror: set DRYDOCK_DEBIAN_MIRROR');
    if (!needs(t, 'mmdebstrap')) return;
    if (system.onDemand && process.env.DRYDOCK_TEST_CLEAN === undefined)
      return t.skip('takes minutes: set DRYDOCK_TEST_CLEAN=1');
    const image = await tarImage([await debianRootfs(mirror, suite, packages)], { Cmd: ['bash'] });
    const began = performance.now();
    const { detected, layers } = await examineWith(detectors, image, now);
    t.diagnostic(`looked at in ${((performance.now() - began) / 1000).toFixed(1)} s`);

    assert.deepEqual(detected.diagnostics, []);
    assert.deepEqual(detected.asked, ['secret', 'malware', 'baseline']);
    checkBaseline(t, system, detected.baseline);
    checkMalicious(system, detected.malicious ?? []);
    checkSensitive(system, detected.sensitive ?? []);
    // The same without leaving out the files of packages: the rules are exact by themselves.
    const facts = layers[0]?.facts.get(secrets?.analyses[0]?.id ?? '') as SecretFacts | undefined;
    checkSensitive(system, facts?.found ?? []);
  });
}

function findings(expected: readonly Expectation[]): string[] {
  return expected.map(([finding]) => finding).sort();
}

function checkBaseline(t: TestContext, system: CleanSystem, result: BaselineResult | undefined): void {
  assert.ok(result);
  const failed = result.failed.map(({ check, level, basis }) => [check, level, ...(basis ? [basis] : [])].join(' '));
  for (const { check, evidence } of result.failed)
    t.diagnostic(`${check}: ${evidence.map(({ path, excerpt }) => `${path}: ${excerpt}`).join('; ')}`.slice(0, 400));
  const allowed = findings(documentedHigh);
  assert.deepEqual(
    failed.filter((line) => line.includes(' high') && !allowed.includes(line)),
    [],
  );
  assert.deepEqual(
    failed.filter((line) => !line.includes(' high') && !byMirror.includes(line)).sort(),
    findings(system.baseline),
  );
  // No owner is missed among the keys that packages bring.
  const keys = result.failed.flatMap(({ check, evidence }) => (check === 'PK-003' ? evidence : []));
  assert.deepEqual(
    keys.filter(({ excerpt }) => excerpt === 'key of no package'),
    [],
  );
  assert.deepEqual(
    result.unknown.map(({ check, code }) => `${check} ${code}`).sort(),
    noHistory.map((check) => `${check} no_history`),
  );
  assert.deepEqual(result.disabled, []);
  const passed = ['IC-004', 'PK-006', ...(system.packages.includes('ca-certificates') ? ['SH-011'] : [])];
  assert.deepEqual(
    passed.filter((check) => !result.passed.includes(check)),
    [],
  );
}

function checkMalicious(system: CleanSystem, malicious: readonly MaliciousFile[]): void {
  const told = (files: readonly MaliciousFile[]) =>
    files.map(({ heuristic, rule, path, member }) => ({ heuristic, rule, path, member }));
  // Hits of feeds that are still being watched would not count, but the bundled rules are no such feed.
  assert.deepEqual(told(malicious.filter(({ uncounted }) => uncounted !== 'coverage')), []);
  const coverage = malicious.map(({ path, member }) => (member === null ? path : `${path}!/${member}`));
  assert.deepEqual(coverage.sort(), findings(system.coverage));
}

function checkSensitive(system: CleanSystem, files: readonly Pick<SensitiveFile, 'rule' | 'path' | 'level'>[]): void {
  assert.deepEqual(files.map(({ rule, path, level }) => `${rule} ${path} ${level}`).sort(), findings(system.sensitive));
}
