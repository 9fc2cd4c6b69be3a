import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { Command } from 'commander';
import { fakeAdvisories } from '../../test/support/fake-advisories.ts';
import { handleOf } from '../../test/support/image-handle.ts';
import { buildTestImage, tar } from '../../test/support/test-image.ts';
import { ecosystems } from '../ecosystems/index.ts';
import type { OpenedReference, Platform } from '../image/index.ts';
import { CodedError, fixedClock } from '../kernel/index.ts';
import { noCache, scanImage, scanSbom } from '../scan/index.ts';
import type { Scanner } from './reports/contract.ts';
import { registerScan } from './scan.ts';

function image(version: string, more = ''): ReturnType<typeof buildTestImage> {
  const status = `Package: app\nStatus: install ok installed\nVersion: ${version}\nArchitecture: amd64\n${more}`;
  return buildTestImage([tar({ 'etc/os-release': 'ID=debian\nVERSION_ID=12', 'var/lib/dpkg/status': status })]);
}

const images = new Map([
  ['old', image('1')],
  ['new', image('2')],
  ['broken', image('1', '\nPackage: $(id)\nStatus: install ok installed\nVersion: 1\n')],
  ['empty', buildTestImage([tar({ a: 'x' })])],
]);
const platforms: Platform[] = [
  { os: 'linux', architecture: 'amd64' },
  { os: 'linux', architecture: 'arm64' },
];
const advisories = [
  { id: 'CVE-2026-1', ecosystem: 'Debian:12', source: 'app', fixed: '2', level: 'high' },
  { id: 'CVE-2026-2', ecosystem: 'Debian:12', source: 'app', fixed: null, level: 'low' },
] as const;

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly files: ReadonlyMap<string, string>;
  readonly closed: boolean;
}

/** Files that commands read, by name. */
const inputs = new Map<string, string>();

async function drydock(...args: string[]): Promise<Outcome> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const files = new Map<string, string>();
  const codes: number[] = [];
  let closed = false;
  const scanner: Scanner = {
    async open(reference) {
      const found = images.get(reference);
      if (found === undefined) throw new CodedError('not_found', `there is no ${reference}`, { hint: 'Look again.' });
      const handle = handleOf(found, reference);
      const opened = {
        platforms: platforms.map((platform) => ({ platform })),
        image: async (platform: Platform = { os: 'linux', architecture: 'amd64' }) => ({ ...handle, platform }),
        [Symbol.asyncDispose]: async () => {},
      };
      return opened as unknown as OpenedReference;
    },
    scanSbom: async (bytes, reference, include) =>
      scanSbom({
        ...{ bytes, reference, include, index: fakeAdvisories(advisories), ecosystems },
        ...{ clock: fixedClock('2026-01-02T00:00:00Z'), toolVersion: '0' },
      }),
    scan: (handle, { signal, progress, verifyDiffIds }) =>
      scanImage({
        ...{ image: handle, index: fakeAdvisories(advisories), ecosystems, cache: noCache, signal, progress },
        ...{ clock: fixedClock('2026-01-02T00:00:00Z'), toolVersion: '0', verifyDiffIds },
      }),
    async [Symbol.asyncDispose]() {
      closed = true;
    },
  };
  const program = new Command().exitOverride();
  registerScan(program, async () => ({
    terminal: { stdout, stderr, env: {} },
    signal: new AbortController().signal,
    ...{ clock: fixedClock('2026-01-02T00:00:00Z'), toolVersion: '0' },
    openScanner: async () => scanner,
    readFile: async (path) => {
      const text = inputs.get(path);
      if (text === undefined) throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
      return Buffer.from(text);
    },
    writeFile: async (path, bytes) => void files.set(path, Buffer.from(bytes).toString()),
    exit: (code) => codes.push(code),
  }));
  await program.parseAsync(['node', 'drydock', 'scan', ...args]);
  assert.equal(codes.length, 1);
  const text = (stream: PassThrough): string => String(stream.read() ?? '');
  return { code: codes[0] ?? -1, out: text(stdout), err: text(stderr), files, closed };
}

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
