import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validator } from '../../test/support/json-schemas.ts';
import { runReportCommand } from '../../test/support/report-cli.ts';
import { registerGate } from './gate.ts';
import { registerScan } from './scan.ts';

const inputs = new Map([
  ['strict.yaml', 'version: 1\nname: strict\nvulnerabilities: [{ severity: low }]'],
  ['fixable.yaml', 'version: 1\nvulnerabilities: [{ severity: low, fixable: true }]'],
  ['wrong.yaml', 'version: 1\nvulnerabilities: [{ level: low }]'],
  ['old.json', (await runReportCommand(registerScan, ['scan', 'old', '--json'])).out],
]);
const gate = (policy: string, ...args: string[]) =>
  runReportCommand(registerGate, ['gate', '--policy', policy, ...args], inputs);

test('exit codes of a gate', async () => {
  const rows: readonly (readonly [policy: string, references: string[], code: number])[] = [
    ['strict.yaml', ['old'], 3],
    ['strict.yaml', ['new'], 3],
    ['fixable.yaml', ['old'], 3],
    ['fixable.yaml', ['new'], 0],
    ['fixable.yaml', ['new', 'old'], 3],
    ['fixable.yaml', ['report:old.json'], 3],
    ['fixable.yaml', ['broken'], 3],
    ['fixable.yaml', ['gone'], 7],
    ['fixable.yaml', ['new', 'gone'], 4],
    ['wrong.yaml', ['new'], 2],
    ['none.yaml', ['new'], 2],
  ];
  for (const [policy, references, code] of rows) {
    assert.equal((await gate(policy, ...references)).code, code, `${policy} ${references.join(' ')}`);
  }
  assert.equal((await runReportCommand(registerGate, ['gate', 'new'])).code, 2);
});

test('a verdict names each violated rule with its evidence', async () => {
  const { out } = await gate('strict.yaml', 'old');
  assert.match(out, /^✖ FAIL {2}old /);
  assert.match(out, /policy strict: 1 of 3 rules violated/);
  assert.match(
    out,
    /✖ no vulnerability of low or worse {2}vulnerabilities\[0\]\n {6}CVE-2026-1 \(high\) in app 1, fixed in 2\n/,
  );
  assert.match(out, /✔ nothing malicious/);
  const verdict = JSON.parse((await gate('fixable.yaml', 'new', '--json')).out);
  assert.deepEqual(validator('gate')(verdict), []);
  assert.equal(verdict.verdict, 'pass');
  const lines = (await gate('fixable.yaml', 'new', 'old', '--json')).out.trim().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).verdict),
    ['pass', 'fail'],
  );
});

test('a policy that is wrong says where', async () => {
  const { err } = await gate('wrong.yaml', 'new');
  assert.match(err, /^error: wrong\.yaml: vulnerabilities\[0\]/);
});
