import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect } from '../../../test/support/collect.ts';
import { sampleFixReport } from '../../../test/support/sample-fix-report.ts';
import type { FixPlan, Outcome } from '../../ecosystems/index.ts';
import type { FixReport } from '../../findings/index.ts';
import type { FixPlanView } from './contract.ts';
import { writeFixPlan, writeFixReport } from './write.ts';

const render = (report: FixReport) => collect((out) => writeFixReport(report, 'table', out));

function planView(
  outcomes: readonly (readonly [id: string, name: string, outcome: Outcome, detail: string | null])[],
): FixPlanView {
  const upgrade = {
    arch: 'amd64',
    source: { name: 'openssl', version: '2' },
    from: '1',
    to: '2',
    repository: 'debian-security bookworm-security/main',
    path: 'pool/x.deb',
    archive: 'debian-security',
    sha256: 'e'.repeat(64),
    size: 1000,
    reason: 'requested',
  } as const;
  const plan: FixPlan = {
    schema: 1,
    ecosystem: 'dpkg',
    revision: 1,
    plannedAt: '2026-03-01T10:00:00Z',
    platform: { os: 'linux', architecture: 'amd64' },
    indexes: [
      {
        archive: 'debian-security',
        suite: 'bookworm-security',
        date: '2026-02-28T10:00:00Z',
        inRelease: `sha256:${'d'.repeat(64)}`,
        packages: [],
      },
    ],
    upgrades: outcomes.some(([, , outcome]) => outcome === 'fixed')
      ? [
          { ...upgrade, name: 'libssl3' },
          { ...upgrade, name: 'openssl', reason: 'same source' },
        ]
      : [],
    outcomes: outcomes.map(([id, name, outcome, detail]) => ({
      finding: {
        id,
        aliases: [],
        package: name,
        arch: 'amd64',
        installedVersion: '1',
        source: null,
        fixedVersion: '2',
        on: 'source',
        state: 'fixed',
        severity: 'high',
      },
      outcome,
      to: outcome === 'fixed' ? '2' : null,
      detail,
    })),
    estimate: { download: 1_500_000, layer: 3_000_000 },
    diagnostics: [],
  };
  return {
    schemaVersion: 1,
    source: { reference: 'app:v1', digest: `sha256:${'1'.repeat(64)}`, platform: 'linux/amd64' },
    target: 'app:v1-fixed',
    requested: [...new Set(outcomes.map(([id]) => id))],
    plan,
  };
}

test('a fix report tells verdict, before and after, changes, leftovers, proof and next step in that order', async () => {
  const text = await render(sampleFixReport());
  const order = [
    'Partly fixed, proven: 2 of 3 requested vulnerabilities',
    'v1-fixed',
    'before',
    'after',
    '2 upgrades',
    'libssl3, openssl  3.0.11-1~deb12u2 → 3.0.13-1~deb12u1  fixes 2',
    'Not fixed: 1',
    'no fix published yet',
    'Debian has not published a fix',
    '✔ rescan of the pushed digest',
    'CVE-2024-9999',
    'attached application/vnd.cyclonedx+json',
    'Next: drydock scan',
  ];
  const places = order.map((word) => text.indexOf(word));
  assert.ok(!places.includes(-1), `${order[places.indexOf(-1)]} missing in\n${text}`);
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
});

test('a failed fix names its reason and claims nothing', async () => {
  const report = sampleFixReport();
  const text = await render({
    ...report,
    task: {
      ...report.task,
      status: 'failed',
      stage: 'failed',
      reason: { code: 'still_vulnerable', message: 'CVE-1 is left' },
    },
    result: null,
    counts: { ...report.counts, after: null },
  });
  assert.match(text, /✖ Not fixed\n {2}CVE-1 is left \(still_vulnerable\)/);
  assert.doesNotMatch(text, /Next:|after/);
});

test('nothing to fix is a success that says so', async () => {
  const report = sampleFixReport();
  const task = { ...report.task, status: 'success' } as const;
  const text = await render({ ...report, task, result: null, verification: null, upgrades: [], outcomes: [] });
  assert.match(text, /^✔ Nothing to fix\n/);
});

test('a failed proof is marked as failed', async () => {
  const report = sampleFixReport();
  assert.ok(report.verification);
  const verification = {
    ...report.verification,
    remaining: ['CVE-2024-0001'],
    introduced: ['CVE-2025-1'],
    integrity: { files: 10, mismatches: 1 },
  };
  const text = await render({ ...report, verification });
  assert.match(text, /✖ rescan of the pushed digest: still reports CVE-2024-0001/);
  assert.match(text, /✖ new findings: CVE-2025-1/);
  assert.match(text, /✖ package database: 10 files compared, 1 differ/);
});

test('the json form is the report, that of a plan is the plan', async () => {
  const report = sampleFixReport();
  assert.deepEqual(JSON.parse(await collect((out) => writeFixReport(report, 'json', out))), report);
  const view = planView([['CVE-1', 'openssl', 'fixed', null]]);
  assert.deepEqual(JSON.parse(await collect((out) => writeFixPlan(view, 'json', out))), view);
});

test('a plan groups upgrades by version change and says what stays and what it costs', async () => {
  const view = planView([
    ['CVE-1', 'libssl3', 'fixed', null],
    ['CVE-2', 'openssl', 'fixed', null],
    ['CVE-3', 'tar', 'needs_script', 'postinst calls update-foo'],
  ]);
  const text = await collect((out) => writeFixPlan(view, 'table', out));
  assert.match(text, /2 upgrades fix 2 of 3 requested vulnerabilities/);
  assert.match(text, /libssl3, openssl {2}1 → 2 {2}fixes 2\n/);
  assert.match(text, /needs a package script, which is never run\n {4}tar {2}CVE-3 {2}postinst calls update-foo\n/);
  assert.match(text, /Download 1\.5 MB, new layer about 3\.0 MB\n/);
  assert.match(text, /bookworm-security, signed 24 hours ago\n/);
});

test('an empty plan says that there is nothing to change', async () => {
  const view = planView([['CVE-3', 'tar', 'no_fix_published', null]]);
  const text = await collect((out) => writeFixPlan(view, 'table', out));
  assert.match(text, /Nothing to change/);
  assert.match(text, /no fix published yet/);
  assert.doesNotMatch(text, /Download/);
});

test('text of packages and mirrors cannot reach the terminal as control', async () => {
  const view = planView([['CVE-\u001b[2J', 'tar\u202e', 'conflict', 'a\nb\u0007']]);
  const text = await collect((out) => writeFixPlan(view, 'table', out));
  assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
});

test('the verdict counts vulnerabilities and findings; ids that the image does not have are named', async () => {
  const report = sampleFixReport();
  const [outcome] = report.outcomes;
  assert.ok(outcome);
  const fixed = { ...outcome, id: 'CVE-1', outcome: 'fixed' } as const;
  const absent = { ...outcome, id: 'CVE-1999-0001', package: null, outcome: 'not_affected' } as const;
  const text = await render({
    ...report,
    requested: ['CVE-1', 'CVE-1999-0001'],
    outcomes: [{ ...fixed, package: 'a' }, { ...fixed, package: 'b' }, absent],
  });
  assert.match(text, /1 of 2 requested vulnerabilities \(2 findings in 2 packages\)/);
  assert.match(text, /Not in this image: 1\n\n {4}CVE-1999-0001\n/);

  const view = planView([['CVE-1', 'openssl', 'fixed', null]]);
  const plan = await collect((out) => writeFixPlan({ ...view, requested: ['CVE-1', 'CVE-1999-0001'] }, 'table', out));
  assert.match(plan, /upgrades fix 1 of 2 requested vulnerabilities \(1 finding in 1 package\)/);
  assert.match(plan, /Not in this image: 1\n\n {4}CVE-1999-0001\n/);
});
