import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validator } from '../../test/support/json-schemas.ts';
import { runReportCommand } from '../../test/support/report-cli.ts';
import { registerDiff } from './diff.ts';
import { registerScan } from './scan.ts';

const inputs = new Map<string, string>();
const diff = (...args: string[]) => runReportCommand(registerDiff, ['diff', ...args], inputs);
for (const name of ['old', 'new']) {
  inputs.set(`${name}.json`, (await runReportCommand(registerScan, ['scan', name, '--json'])).out);
}

test('two images, two saved reports or one of each compare alike', async () => {
  const images = await diff('old', 'new', '--json');
  assert.deepEqual([images.code, images.err], [0, '']);
  const comparison = JSON.parse(images.out);
  assert.deepEqual(validator('diff')(comparison), []);
  assert.deepEqual(
    comparison.findings.fixed.map(({ id, before, why }: Record<string, unknown>) => [id, before, why]),
    [['CVE-2026-1', ['1'], 'package_changed']],
  );
  assert.deepEqual(comparison.packages.changed, [{ type: 'deb', name: 'app', before: ['1'], after: ['2'] }]);
  for (const pair of [
    ['report:old.json', 'report:new.json'],
    ['old', 'report:new.json'],
  ]) {
    assert.deepEqual(JSON.parse((await diff(...pair, '--json')).out), comparison);
  }
});

test('the table names what came and went', async () => {
  const { out } = await diff('new', 'old');
  assert.match(out, /✖ 1 introduced, 0 fixed, 1 unchanged/);
  assert.match(out, /Introduced\n\n {2}high {2}CVE-2026-1 {2}app 1 {2}another version\n/);
  assert.match(out, /Packages: 0 added, 0 removed, 1 changed, 0 unchanged\n\n {2}~ {2}app {2}deb {2}2 → 1\n/);
});

test('only introduced findings fail', async () => {
  const rows: readonly (readonly [args: string[], code: number])[] = [
    [['old', 'new', '--fail-on', 'low'], 0],
    [['new', 'old', '--fail-on', 'high'], 3],
    [['new', 'old', '--fail-on', 'critical'], 0],
    [['new', 'broken', '--fail-on', 'critical'], 4],
    [['new', 'broken'], 0],
    [['old', 'gone'], 7],
    [['old', 'report:gone.json'], 7],
    [['old', 'new', '--platform', 'all'], 2],
    [['old', 'new', '-o', 'sarif'], 2],
  ];
  for (const [args, code] of rows) assert.equal((await diff(...args)).code, code, args.join(' '));
});
