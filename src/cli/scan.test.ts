import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Outcome, runReportCommand } from '../../test/support/report-cli.ts';
import { registerScan } from './scan.ts';

const drydock = (...args: string[]): Promise<Outcome> => runReportCommand(registerScan, ['scan', ...args]);

test('a table by default, JSON on request, files beside', async () => {
  const table = await drydock('old');
  assert.equal(table.code, 0);
  assert.ok(table.out.includes('CVE-2026-1'));
  assert.ok(table.closed);
  assert.equal(table.err, '', 'quiet outside a terminal');
  assert.match((await drydock('old', '--progress', 'plain')).err, /^opening old\nreading old/);
  const json = await drydock('old', '--json', '-o', 'sarif=a.sarif', '-o', 'cyclonedx=b.json');
  assert.equal(JSON.parse(json.out).image.reference, 'old');
  assert.ok(json.out.split('\n').length > 10, 'one document is indented');
  assert.equal(JSON.parse(json.files.get('a.sarif') ?? '').version, '2.1.0');
  assert.equal(JSON.parse(json.files.get('b.json') ?? '').bomFormat, 'CycloneDX');
  const filtered = JSON.parse((await drydock('old', '--json', '--severity', 'LOW')).out);
  assert.deepEqual(
    filtered.findings.map(({ id }: { id: string }) => id),
    ['CVE-2026-2'],
  );
  assert.equal(filtered.counts.cve.total, 2);
});

test('several images are JSON Lines; one that fails does not stop the others', async () => {
  const { code, out, err, files } = await drydock('old', 'gone\u001b[2J', 'new', '-o', 'json', '-o', 'spdx=all.jsonl');
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ image }) => image.reference),
    ['old', 'new'],
  );
  assert.equal(files.get('all.jsonl')?.trim().split('\n').length, 2);
  assert.equal(code, 4);
  assert.equal(err, 'gone\\x1b[2J\nerror: there is no gone\\x1b[2J\n  → Look again.\n');
  const all = await drydock('old', '--platform', 'all', '--json');
  assert.deepEqual(
    all.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).image.platform),
    ['linux/amd64', 'linux/arm64'],
  );
});

test('exit codes', async () => {
  const table: [string[], number][] = [
    [['new'], 0],
    [['old'], 0],
    [['old', '--fail-on', 'high'], 3],
    [['old', '--fail-on', 'critical'], 0],
    [['old', '--fail-on', 'high', '--exit-code', '9'], 9],
    [['new', '--fail-on', 'low'], 3],
    [['new', '--fail-on', 'low,fixable'], 0],
    [['old', 'gone', '--fail-on', 'high'], 3],
    [['gone'], 7],
    [['gone', 'old'], 4],
    [['broken'], 0],
    [['broken', '--fail-on', 'critical'], 4],
    [['empty', '--fail-on', 'critical'], 4],
    [['old', '--fail-on', 'terrible'], 2],
    [['old', '--fail-on', 'high,soon'], 2],
    [['old', '--severity', ','], 2],
    [['old', '-o', 'pdf'], 2],
    [['old', '-o', 'json='], 2],
    [['old', '-o', 'json', '-o', 'sarif'], 2],
    [['old', '-o', 'json=x', '-o', 'sarif=x'], 2],
    [['old', '--exit-code', '-1'], 2],
    [['old', '--platform', '../x'], 2],
    [['old', '--progress', 'loud'], 2],
  ];
  for (const [args, code] of table) assert.equal((await drydock(...args)).code, code, args.join(' '));
});

test('csv of several images has one heading; documents that hold one image refuse several', async () => {
  const { code, out } = await drydock('old', 'new', '-o', 'csv');
  assert.equal(code, 0);
  assert.equal(out.split('kind,id,aliases').length, 2);
  for (const format of ['html', 'junit']) {
    const refused = await drydock('old', 'new', '-o', format);
    assert.deepEqual([refused.code, refused.out], [2, '']);
    assert.match(refused.err, /holds one image/);
    assert.equal((await drydock('old', '-o', format)).code, 0);
  }
});

test('with a baseline only what is new can fail, and a saved report is shown again', async () => {
  const inputs = new Map([['old.json', (await drydock('old', '--json')).out]]);
  const run = (...args: string[]) => runReportCommand(registerScan, ['scan', ...args], inputs);
  const known = await run('old', '--fail-on', 'low', '--baseline', 'old.json');
  assert.equal(known.code, 0);
  assert.match(known.out, /Baseline old \(2026-01-02, of this image\): 2 known findings left out above, 0 new/);
  assert.doesNotMatch(known.out, /CVE-2026-1/);
  const json = JSON.parse((await run('old', '--json', '--baseline', 'report:old.json')).out);
  assert.deepEqual(
    json.findings.map((finding: { known?: boolean }) => finding.known),
    [true, true],
  );
  inputs.set('new.json', (await drydock('new', '--json')).out);
  const fresh = await run('old', '--fail-on', 'high', '--baseline', 'new.json');
  assert.equal(fresh.code, 3);
  assert.match(fresh.out, /of another image\): 1 known finding left out above, 1 new/);
  const again = await run('report:old.json', '--json');
  assert.deepEqual(JSON.parse(again.out), JSON.parse(inputs.get('old.json') ?? ''));
  assert.equal((await run('old', '--baseline', 'none.json')).code, 7);
  inputs.set('bad.json', '{"schemaVersion":1}');
  const bad = await run('old', '--baseline', 'bad.json');
  assert.equal(bad.code, 1);
  assert.match(bad.err, /bad\.json is not a scan report: tool: /);
});

test('a scope that is not known is refused', async () => {
  const { code, err } = await drydock('old', '--include', 'dev,everything');
  assert.equal(code, 2);
  assert.match(err, /unknown scope "everything"\n {2}→ Known are dev, declared, removed\./);
  assert.equal((await drydock('old', '--include', 'dev,removed')).code, 0);
});

test('scanners are asked by name, and a policy of the baseline only with it', async () => {
  const asked = async (...words: readonly string[]) => {
    const { code, scans } = await drydock('old', ...words);
    assert.equal(code, 0);
    return [scans[0]?.scanners, scans[0]?.baselinePolicy];
  };
  assert.deepEqual(await asked(), [['vuln'], undefined]);
  assert.deepEqual(await asked('--scanners', 'secret,vuln'), [['vuln', 'secret'], undefined]);
  assert.deepEqual(await asked('--scanners', 'all', '--baseline-policy', 'full'), [
    ['vuln', 'baseline', 'malware', 'secret'],
    'full',
  ]);
  const unknown = await drydock('old', '--scanners', 'vuln,virus');
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /unknown scanner "virus"\n {2}→ Known are vuln, baseline, malware, secret, and all\./);
  const alone = await drydock('old', '--baseline-policy', 'full');
  assert.equal(alone.code, 2);
  assert.match(alone.err, /→ Add --scanners vuln,baseline or all\./);
});

test('decisions in files: what they handle does not count, is shown with its reason, and cannot fail', async () => {
  const vex = {
    ...{ '@context': 'https://openvex.dev/ns/v0.2.0', '@id': 'https://example.test/1', author: 'Team', version: 1 },
    timestamp: '2026-01-01T00:00:00Z',
    statements: [
      {
        ...{ vulnerability: { name: 'CVE-2026-1' }, products: [{ '@id': 'pkg:deb/debian/app' }] },
        ...{ status: 'not_affected', justification: 'vulnerable_code_not_present' },
      },
    ],
  };
  const inputs = new Map([
    ['vex.json', JSON.stringify(vex)],
    ['.trivyignore', '# accepted\nCVE-2026-2\n'],
    ['wrong.yaml', 'ignore: [{ id: CVE-2026-1 }]'],
  ]);
  const run = (...args: string[]) => runReportCommand(registerScan, ['scan', ...args], inputs);
  const both = ['--vex', 'vex.json', '--ignore-file', '.trivyignore'];
  const { code, out, err } = await run('old', '--fail-on', 'unknown', ...both);
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /Not counted: 2 findings ignored by rule/);
  assert.match(out, /\(VEX not_affected, vulnerable_code_not_present\): CVE-2026-1/);
  const report = JSON.parse((await run('old', '--json', ...both)).out);
  assert.equal(report.counts.cve.total, 0);
  assert.equal((await run('old', '--fail-on', 'high', '--ignore-file', '.trivyignore')).code, 3);
  assert.equal((await run('old', '--ignore-file', 'wrong.yaml')).code, 2);
  assert.equal((await run('old', '--vex', '.trivyignore')).code, 2);
});
