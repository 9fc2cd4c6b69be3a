import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { FixReport, ScanReport } from '../../src/findings/index.ts';
import { canSandbox, e0World } from '../support/e0.ts';
import {
  installed,
  provideArchive,
  provideDebian,
  type ToyArchiveOptions,
  toyCve,
  toyDebianImage,
  toyDebianLayer,
} from '../support/e0-debian.ts';
import { type LayoutContent, storedImage, writeLayout } from '../support/layout-files.ts';
import { sha256 } from '../support/test-image.ts';

/**
 * Groups 6, 10, 29 and 31–33 of hostile-inputs.md on the whole path of `drydock fix`: an image, a signed archive and an
 * advisory, all in directories, under the common expectation E0.
 */
interface Row {
  readonly group: number;
  readonly name: string;
  /** Appended to the package database. */
  readonly status?: string;
  readonly image?: () => LayoutContent;
  readonly archive?: ToyArchiveOptions;
  readonly args?: readonly string[];
  /** Exit code. */
  readonly exit: number;
  /** What standard error says when it never came to a task, and so to a report. */
  readonly refused?: RegExp;
  /** Code of the report's reason; undefined where there is none. */
  readonly code?: string;
  /** Outcome of {@link toyCve}. */
  readonly outcome?: string;
}

const world = await e0World();
const layout = join(world.images, 'image');

before(() => provideDebian(world));

const fixed = { exit: 0, outcome: 'fixed' } as const;
const badNames = [
  '-oProxy=http://evil.example',
  '--force-all',
  '$(id)',
  ';reboot',
  '`id`',
  'a b',
  '../../x',
  '\u001b[2J',
  '\u202e',
];
const evil = badNames.map((name) => installed(name, '1')).join('');

const rows: readonly Row[] = [
  { group: 10, name: 'names that are options, commands and paths', status: evil, ...fixed },
  ...badNames.map(
    (name): Row => ({ group: 10, name: `name ${JSON.stringify(name)}`, status: installed(name, '1'), ...fixed }),
  ),
  { group: 10, name: 'version that is a command', status: installed('other', '$(reboot)'), ...fixed },
  { group: 10, name: 'missing version', status: installed('other', '1').replace('Version: 1\n', ''), ...fixed },
  { group: 10, name: 'field of 10 MB', status: installed('other', '1', `Source: ${'x'.repeat(1e7)}\n`), ...fixed },
  { group: 10, name: 'epoch of 10^30', status: installed('other', `1${'0'.repeat(30)}:1`), ...fixed },
  { group: 10, name: 'version of tildes', status: installed('other', '~~~~'), ...fixed },
  {
    group: 6,
    name: 'diff_id that the layer does not unpack to',
    image: () => toyDebianImage('', { config: { rootfs: { type: 'layers', diff_ids: [sha256('x')] } } }),
    exit: 1,
    refused: /unpacks to sha256:[0-9a-f]{64}, but the image config says/,
  },
  ...['../x', 'latest;id', '$(id)', 'a'.repeat(129), `@sha256:${'0'.repeat(64)}`, '-rf', 'ü', 'v1'].map(
    (tag): Row => ({ group: 29, name: `tag ${JSON.stringify(tag.slice(0, 20))}`, args: [`--tag=${tag}`], exit: 2 }),
  ),
  {
    group: 31,
    name: 'another package file under the signed name',
    archive: { spoil: (files) => spoil(files, 'libtoy_2.0-1_amd64.deb', (bytes) => bytes.fill(1, 100, 200)) },
    exit: 4,
    code: 'nothing_applicable',
    outcome: 'download_failed',
  },
  {
    group: 31,
    name: 'release text changed after signing',
    archive: { spoil: (files) => spoil(files, 'InRelease', (bytes) => bytes.write('Evil', bytes.indexOf('Toy'))) },
    exit: 1,
    code: 'metadata_untrusted',
  },
  {
    group: 31,
    name: 'package index changed after signing',
    archive: { spoil: (files) => spoil(files, 'Packages.gz', (bytes) => bytes.fill(0, 20)) },
    exit: 1,
    code: 'metadata_untrusted',
  },
  {
    group: 31,
    name: 'package that brings a script',
    archive: { package: { control: { postinst: { content: '#!/bin/sh\ntouch /owned\n', mode: 0o755 } } } },
    exit: 4,
    code: 'nothing_applicable',
    outcome: 'needs_script',
  },
  {
    group: 32,
    name: 'package with a path that leaves the root',
    archive: { package: { raw: { './../../../../../etc/cron.d/x': 'x' } } },
    exit: 4,
    code: 'nothing_applicable',
    outcome: 'unsupported',
  },
];

function spoil(files: Map<string, Buffer>, name: string, change: (bytes: Buffer) => unknown): void {
  for (const [path, bytes] of files) if (path.endsWith(name)) change(bytes);
}

for (const row of rows) {
  test(`group ${row.group}: ${row.name}`, async () => {
    await provideArchive(world, row.archive);
    await writeLayout(layout, row.image?.() ?? toyDebianImage(row.status));
    const index = await readFile(join(layout, 'index.json'));
    const args = ['fix', `oci:${layout}:v1`, '--cve', toyCve, '--strategy', 'best-effort', '--json', '-q'];
    const run = await world.run([...args, ...(row.args ?? ['--tag', 'fixed'])], { writable: [layout] });
    assert.equal(run.code, row.exit, `${run.signal ?? ''}${run.stderr}\n${run.stdout.slice(0, 3000)}`);
    if (row.exit !== 0) assert.deepEqual(await readFile(join(layout, 'index.json')), index, 'nothing was tagged');
    if (row.refused) assert.match(run.stderr, row.refused);
    if (row.exit === 2 || row.refused) return;
    const report = JSON.parse(run.stdout) as FixReport;
    assert.equal(report.task.reason?.code, row.code, run.stderr);
    if (row.outcome)
      assert.deepEqual(
        report.outcomes.map(({ outcome }) => outcome),
        [row.outcome],
        run.stdout,
      );
    if (row.exit !== 0) return;
    assert.deepEqual(
      report.upgrades.map(({ name }) => name),
      ['libtoy'],
    );
    const rescan = await world.run(['scan', `oci:${layout}:fixed`, '--json', '-q']);
    assert.deepEqual((JSON.parse(rescan.stdout) as ScanReport).findings, []);
  });
}

test('group 10: a plan and a table show hostile names harmless and verbatim', async () => {
  await provideArchive(world);
  await writeLayout(layout, toyDebianImage(evil));
  const table = await world.run(['scan', `oci:${layout}:v1`, '-q']);
  assert.equal(table.code, 0);
  for (const text of ['--force-all', '$(id)', ';reboot']) assert.ok(table.stdout.includes(text), table.stdout);
  const plan = await world.run(['fix', `oci:${layout}:v1`, '--all-fixable', '--plan', '-q']);
  assert.equal(plan.code, 0);
  assert.ok(!plan.stdout.includes('reboot'), 'no plan names them');
});

test('group 33: an odd config survives byte for byte, except the documented keys', async () => {
  await provideArchive(world);
  const layer = toyDebianLayer();
  const odd = [
    `"x-number": [1.0,1e+2,-0,12345678901234567890]`,
    `"OnBuild":["RUN $(id)"]`,
    `"Healthcheck" : {"Test":["CMD-SHELL","\`id\`"],"Interval":3e10}`,
    `"Shell":["/bin/odd","\\u0000"]`,
    `"User":"1000"`,
    `"Entrypoint":[""]`,
    `"big":"${'x'.repeat(1 << 20)}"`,
    `"text":"\\/\\ud83d\\ude00\\u202e"`,
  ];
  const config = (diffIds: string): string =>
    `{ ${odd[0]},"created":"9999-12-31T23:59:59Z",\t"architecture":"amd64","os":"linux",${odd[7]},"config":{${odd
      .slice(1, 6)
      .join(
        ',',
      )},"Labels":{${odd[6]}}},"rootfs":{"type":"layers","diff_ids":${diffIds}},"history":[{},{"empty_layer":true}] }\n`;
  const image = storedImage([{ stored: layer, mediaType: 'application/vnd.oci.image.layer.v1.tar' }], config);
  await writeLayout(layout, image);
  const run = await world.run(['fix', `oci:${layout}:v1`, '--all-fixable', '--tag', 'fixed', '--json', '-q'], {
    writable: [layout],
  });
  assert.equal(run.code, 0, run.stderr);
  const { result } = JSON.parse(run.stdout) as FixReport;
  const blob = async (digest: string): Promise<string> =>
    readFile(join(layout, 'blobs', digest.replace(':', '/')), 'utf8');
  const manifest = JSON.parse(await blob(result?.digest ?? '')) as { config: { digest: string } };
  const after = await blob(manifest.config.digest);
  for (const piece of odd) assert.ok(after.includes(piece), `${piece.slice(0, 60)} is unchanged`);
  const documented = ['created', 'rootfs', 'history', 'config'];
  const rest = (text: string): object =>
    Object.fromEntries(Object.entries(JSON.parse(text) as object).filter(([key]) => !documented.includes(key)));
  assert.deepEqual(rest(after), rest(config('[]')));
});

test('group 37: the disk of the blob store is full', { skip: !canSandbox && 'needs bwrap' }, async () => {
  await provideArchive(world, { package: { files: { 'usr/lib/libtoy.so': 'x'.repeat(1 << 20) } } });
  await writeLayout(layout, toyDebianImage());
  const path = join(world.private, 'data/blobs');
  const args = ['fix', `oci:${layout}:v1`, '--all-fixable', '--tag', 'full', '--json', '-q'];
  const run = await world.run(args, { writable: [layout], disk: { path, bytes: 256 * 1024 } });
  assert.equal(run.code, 1, run.stderr);
  const { task } = JSON.parse(run.stdout) as FixReport;
  assert.equal(task.status, 'failed');
  assert.equal(task.reason?.code, 'registry_quota');
  assert.match(run.stderr, /ENOSPC[\s\S]*free space/);
  const again = await world.run(args, { writable: [layout] });
  assert.equal(again.code, 0, again.stderr);
});

test('group 37: the disk of the result is full', { skip: !canSandbox && 'needs bwrap' }, async () => {
  await provideArchive(world);
  await writeLayout(layout, toyDebianImage('', {}));
  const path = join(world.private, 'out');
  const args = ['fix', `oci:${layout}:v1`, '--all-fixable', '--tag', 'f', '--output', `oci:${path}/o`, '--json', '-q'];
  const run = await world.run(args, { disk: { path, bytes: 16 * 1024 } });
  assert.equal(run.code, 1, run.stderr);
  assert.equal((JSON.parse(run.stdout) as FixReport).task.status, 'failed');
  assert.match(run.stderr, /ENOSPC|no space/i);
});

test('group 37: a full disk under the cache does not stop a scan', { skip: !canSandbox && 'needs bwrap' }, async () => {
  await writeLayout(layout, toyDebianImage(installed('x', '1').repeat(1000)));
  const disk = { path: join(world.private, 'data/cache'), bytes: 4096 };
  const run = await world.run(['scan', `oci:${layout}:v1`, '--json', '-q'], { disk });
  assert.equal(run.code, 0, run.stderr);
  assert.equal((JSON.parse(run.stdout) as ScanReport).findings.length, 1);
});
