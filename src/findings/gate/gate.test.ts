import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { root } from '../../../test/arch/source-tree.ts';
import { validator } from '../../../test/support/json-schemas.ts';
import {
  sampleCheck,
  sampleMalicious,
  samplePackage,
  sampleReport,
  sampleSecret,
} from '../../../test/support/sample-reports.ts';
import type { ScanReport } from '../report.ts';
import { evaluatePolicy } from './evaluate.ts';
import { matchesGlob, matchesPurl } from './glob.ts';
import { parsePolicy } from './parse-policy.ts';
import { policySchema } from './policy-schema.ts';

const policySha256 = '0'.repeat(64);

async function judge(text: string, report: ScanReport = sampleReport(), now = '2026-03-01T12:00:00Z') {
  const policy = await parsePolicy(Buffer.from(text), 'p.yaml');
  const verdict = evaluatePolicy({ policy, policySha256, report, now: new Date(now), toolVersion: '1' });
  assert.deepEqual(validator('gate')(verdict), []);
  return verdict;
}

const failed = (verdict: Awaited<ReturnType<typeof judge>>) =>
  verdict.rules.filter(({ passed }) => !passed).map(({ rule }) => rule);

test('thresholds by kind, fix, exploitation and number', async () => {
  const rows: readonly (readonly [rule: string, found: number, passes: boolean])[] = [
    ['{ severity: critical }', 1, false],
    ['{ severity: high }', 3, false],
    ['{ severity: high, max: 3 }', 3, true],
    ['{ severity: low }', 5, false],
    ['{ severity: low, fixable: true }', 3, false],
    ['{ severity: low, kinds: [sca] }', 0, true],
    ['{ severity: unknown, kev: true }', 1, false],
  ];
  for (const [rule, found, passes] of rows) {
    const verdict = await judge(`version: 1\nvulnerabilities:\n  - ${rule}`);
    const judged = verdict.rules[0];
    assert.deepEqual([judged?.evidence.length, judged?.passed], [found, passes], rule);
    assert.equal(verdict.verdict, passes ? 'pass' : 'fail');
  }
});

test('evidence names finding, package and fix, most severe first', async () => {
  const [rule] = (await judge('version: 1\nvulnerabilities: [{ severity: high }]')).rules;
  assert.equal(rule?.asks, 'no vulnerability of high or worse');
  assert.equal(
    rule?.evidence[0]?.text,
    'CVE-2024-0002 (critical) in openssl 3.0.11-1~deb12u2, fixed in 3.0.13-1~deb12u1',
  );
  assert.equal(rule?.evidence[0]?.id, 'CVE-2024-0002');
});

test('what is allowed does not count until its day is over, and only on packages that match', async () => {
  const allow = (more: string) =>
    `version: 1\nvulnerabilities: [{ severity: critical }]\nallow:\n  - { id: CVE-2024-0002, reason: not reachable, ${more} }`;
  const open = await judge(allow('until: 2026-03-01'));
  assert.deepEqual([open.verdict, open.allowed[0]?.used, open.allowed[0]?.expired], ['pass', 1, false]);
  const over = await judge(allow('until: 2026-03-01'), sampleReport(), '2026-03-02T00:00:00Z');
  assert.deepEqual([over.verdict, over.allowed[0]?.used, over.allowed[0]?.expired], ['fail', 0, true]);
  assert.equal((await judge(allow('until: never, package: "pkg:deb/*/openssl"'))).verdict, 'pass');
  assert.equal((await judge(allow('until: never, package: "pkg:deb/*/libssl3"'))).verdict, 'fail');
  const byAlias = allow('until: never').replace('id: CVE', 'id: DEBIAN-CVE');
  assert.equal((await judge(byAlias)).verdict, 'pass');
});

test('malicious packages are denied unless a policy says otherwise, and may be allowed one by one', async () => {
  const bad = samplePackage('bad', '1', { type: 'npm', purl: 'pkg:npm/bad@1' });
  const base = sampleReport();
  const report = { ...base, packages: [bad], findings: [sampleMalicious('MAL-2024-1', bad)] };
  assert.deepEqual(failed(await judge('version: 1', report)), ['malicious']);
  assert.equal((await judge('version: 1\nmalicious: allow', report)).verdict, 'pass');
  const allow = 'version: 1\nallow: [{ id: MAL-2024-1, reason: ours, until: never }]';
  assert.equal((await judge(allow, report)).verdict, 'pass');
});

test('completeness, age of advisories, end of life and denied packages', async () => {
  const base = sampleReport();
  const partial: ScanReport = {
    ...base,
    scan: { ...base.scan, state: 'partial' },
    diagnostics: [{ code: 'x', message: 'not read', partial: true }],
  };
  const verdict = await judge('version: 1', partial);
  assert.deepEqual(failed(verdict), ['scan']);
  assert.deepEqual(
    verdict.rules.at(-1)?.evidence.map(({ text }) => text),
    ['the scan is partial', 'x: not read'],
  );
  assert.equal((await judge('version: 1\nscan: any', partial)).verdict, 'pass');
  // The sample's advisories are of 27 January.
  assert.equal((await judge('version: 1\nadvisories: { maxAgeDays: 34 }')).verdict, 'pass');
  assert.deepEqual(failed(await judge('version: 1\nadvisories: { maxAgeDays: 33 }')), ['advisories']);
  const os = { id: 'debian', versionId: '9', prettyName: null, endOfLife: '2022-06-30' };
  const ended = { ...base, image: { ...base.image, os } };
  assert.equal((await judge('version: 1', ended)).verdict, 'pass');
  assert.deepEqual(failed(await judge('version: 1\nendOfLife: deny', ended)), ['endOfLife']);
  const deny = await judge('version: 1\npackages: { deny: [{ purl: "pkg:deb/debian/ta*" }, { purl: pkg:npm/x }] }');
  assert.deepEqual(failed(deny), ['packages.deny[0]']);
  assert.equal(deny.rules.find(({ passed }) => !passed)?.evidence[0]?.text, 'tar 1.34+dfsg-1.2');
});

test('removed packages violate no rule on packages', async () => {
  const gone = samplePackage('telnet', '1', { scope: 'removed' });
  const report = { ...sampleReport(), packages: [gone], findings: [] };
  assert.equal(
    (await judge('version: 1\npackages: { deny: [{ purl: "pkg:deb/debian/telnet" }] }', report)).verdict,
    'pass',
  );
});

test('a policy that is wrong names the place', async () => {
  const rows: readonly (readonly [text: string, says: RegExp])[] = [
    ['', /the top level/],
    ['version: 2', /version/],
    ['version: 1\nvulnerabilites: []', /vulnerabilites/],
    ['version: 1\nvulnerabilities: [{ severity: hgih }]', /vulnerabilities\[0\]\.severity/],
    ['version: 1\nvulnerabilities: [{ severity: high, max: -1 }]', /vulnerabilities\[0\]\.max/],
    ['version: 1\nallow: [{ id: CVE-1, until: never }]', /allow\[0\]\.reason/],
    ['version: 1\nallow: [{ id: CVE-1, reason: r }]', /allow\[0\]\.until/],
    ['version: 1\nallow: [{ id: CVE-1, reason: r, until: 2026-02-31 }]', /allow\[0\]\.until/],
    ['version: 1\npackages: { deny: [{ purl: npm/x }] }', /packages\.deny\[0\]\.purl: write a package URL/],
    ['version: 1\na: [', /is not YAML/],
    ['a: &a 1\nb: *c', /is not YAML/],
    ['version: 1\nversion: 1', /is not YAML/],
  ];
  for (const [text, says] of rows) {
    await assert.rejects(parsePolicy(Buffer.from(text), 'p.yaml'), { code: 'policy_invalid', message: says }, text);
  }
});

test('any bytes are a policy or a policy error', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array(),
        fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      ),
      async (bytes) => {
        await parsePolicy(bytes, 'p').catch((error) => assert.equal(error.code, 'policy_invalid'));
      },
    ),
    { numRuns: 200 },
  );
});

test('a pattern matches as the regular expression that it stands for', () => {
  const letters = fc.array(fc.constantFrom('a', 'b', '*'), { maxLength: 8 }).map((list) => list.join(''));
  fc.assert(
    fc.property(
      letters,
      letters.map((text) => text.replaceAll('*', 'a')),
      (pattern, text) => {
        const oracle = new RegExp(`^${pattern.replaceAll(/\*+/g, '.*')}$`, 's');
        assert.equal(matchesGlob(pattern, text), oracle.test(text), `${pattern} ${text}`);
      },
    ),
    { numRuns: 2000 },
  );
  const started = performance.now();
  assert.equal(matchesGlob(`${'a*'.repeat(250)}b`, 'a'.repeat(100_000)), false);
  assert.ok(performance.now() - started < 200);
});

test('patterns over package URLs', () => {
  const purl = 'pkg:npm/%40scope/name@1.2.3?x=y';
  const rows: readonly (readonly [pattern: string, matches: boolean])[] = [
    ['pkg:npm/%40scope/name', true],
    ['pkg:npm/@scope/name', true],
    ['pkg:npm/@scope/name@1.2.3', true],
    ['pkg:npm/@scope/name@1.*', true],
    ['pkg:npm/@scope/name@2.*', false],
    ['pkg:npm/@scope/*', true],
    ['pkg:npm/@scope/na', false],
    ['pkg:npm/*@1.2.3?x=*', true],
    ['pkg:pypi/*', false],
  ];
  for (const [pattern, expected] of rows) assert.equal(matchesPurl(pattern, purl), expected, pattern);
});

test('the policy that the guide shows is one, with every key of the schema', async () => {
  const page = readFileSync(join(root, 'docs/howto/write-a-policy.md'), 'utf8');
  const text = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const policy = await parsePolicy(Buffer.from(text), 'guide');
  assert.deepEqual([policy.vulnerabilities.length, policy.denyPackages.length, policy.allow.length], [4, 2, 1]);
  for (const key of Object.keys(policySchema.shape)) assert.match(text, new RegExp(`^${key}:`, 'm'));
});

test('secrets and checks by level, with exceptions; what was not looked for has not passed', async () => {
  const base = sampleReport();
  const findings = [sampleSecret('npm_token', 'root/.npmrc'), sampleCheck('ID-001'), sampleCheck('IC-004')];
  const scanners = ['vuln', 'baseline', 'secret'] as const;
  const report: ScanReport = { ...base, scan: { ...base.scan, scanners }, findings };
  const policy = (text: string) => `version: 1\nmalicious: allow\n${text}`;
  assert.deepEqual(failed(await judge(policy('sensitive: { severity: medium }'), report)), ['sensitive']);
  assert.deepEqual(failed(await judge(policy('sensitive: { severity: low, except: [npm_token] }'), report)), []);
  assert.deepEqual(failed(await judge(policy('baseline: { severity: high, max: 1 }'), report)), ['baseline']);
  assert.deepEqual(failed(await judge(policy('baseline: { severity: high, max: 1, except: [IC-004] }'), report)), []);
  const [unseen] = (await judge(policy('baseline: { severity: high }'))).rules;
  assert.equal(unseen?.passed, false);
  assert.match(unseen?.evidence[0]?.text ?? '', /not looked for: scan with --scanners vuln,baseline/);
});
