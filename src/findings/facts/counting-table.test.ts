import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CountedPackage, CountingTable } from './counting-table.ts';
import { rankOf } from './tally.ts';

const high = 4;
const low = 2;
const fixed = 0;
const unfixed = 1;
const unimportant = 3;
const pkg = (id: number, countedId = id, purl = `pkg:${id}`): CountedPackage => ({ id, countedId, kind: 'cve', purl });
const match = (packageId: number, vulnerabilityId: number, severity = high, fixState = fixed, kev = false) => ({
  ...{ packageId, vulnerabilityId, severity, fixState, kev },
});

test('a package in two sets counts once, and images are counted apart', () => {
  const table = new CountingTable([pkg(3), pkg(7)], [match(7, 1), match(3, 1), match(3, 2, low, unfixed)]);
  const sets = [Int32Array.of(1, 3, 9), Int32Array.of(3, 7)];
  const { cve, vulnerabilities } = table.tally(sets);
  assert.deepEqual(cve, { critical: 0, high: 2, medium: 0, low: 1, unknown: 0, total: 3, fixable: 2 });
  assert.equal(vulnerabilities, 2);
  assert.deepEqual(table.tally(sets).cve, cve);
  assert.equal(table.tally([Int32Array.of(7)]).cve.total, 1);
  assert.equal(table.tally([]).cve.total, 0);
});

test('of packages that count as one the first in the order of purls speaks', () => {
  const packages = [pkg(1, 1, 'pkg:deb/a@1?arch=arm64'), pkg(2, 1, 'pkg:deb/a@1?arch=amd64')];
  const table = new CountingTable(packages, [match(1, 5, low), match(2, 5, high), match(1, 6, low), match(2, 7, high)]);
  const { cve, vulnerabilities } = table.tally([Int32Array.of(1, 2)]);
  assert.deepEqual([cve.high, cve.low, cve.total, vulnerabilities], [2, 1, 3, 3]);
});

test('what the vendor calls unimportant is not counted, not even as exploited', () => {
  const table = new CountingTable([pkg(1)], [match(1, 1, low, unimportant, true), match(1, 2, high, fixed, true)]);
  const tally = table.tally([Int32Array.of(1)]);
  assert.deepEqual([tally.cve.total, tally.kev, tally.vulnerabilities], [1, 1, 1]);
});

test('ranks put exploited before critical before high before medium, and stay exact', () => {
  const none = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0, total: 0, fixable: 0 };
  const rank = (kev: number, critical: number, highs: number, medium: number): number =>
    rankOf({ cve: { ...none, critical, high: highs, medium }, sca: none, kev, vulnerabilities: 0 });
  const ordered = [rank(0, 0, 0, 0), rank(0, 0, 0, 9e9), rank(0, 0, 1, 0), rank(0, 1, 0, 0), rank(1, 0, 0, 0)];
  assert.deepEqual(
    ordered.toSorted((a, b) => a - b),
    ordered,
  );
  assert.ok(rank(9e9, 9e9, 9e9, 9e9) <= Number.MAX_SAFE_INTEGER);
});
