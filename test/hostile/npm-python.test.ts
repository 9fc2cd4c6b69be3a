import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ecosystems } from '../../src/ecosystems/index.ts';
import type { ScanReport } from '../../src/findings/index.ts';
import { fixedClock, noProgress } from '../../src/kernel/index.ts';
import { noCache, scanImage } from '../../src/scan/index.ts';
import { fakeAdvisories } from '../support/fake-advisories.ts';
import { handleOf } from '../support/image-handle.ts';
import { buildTestImage, tar } from '../support/test-image.ts';
import { zipArchive } from '../support/zip-archive.ts';

/** What metadata of applications may try, and what must come of it. */
interface Row {
  /** Group of hostile-inputs.md. */
  readonly group: 12 | 13;
  readonly name: string;
  readonly files: () => Readonly<Record<string, string | Uint8Array>>;
  /** Besides the honest ones. */
  readonly packages?: readonly string[];
  readonly codes: readonly string[];
}

/** Packages that must be found, and judged, whatever stands beside them. */
const honest = {
  'app/node_modules/honest/package.json': '{"name":"honest","version":"1.0.0"}',
  'lib/honest-1.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: honest\nVersion: 1.0\n\n',
};
const honestPackages = ['pkg:npm/honest@1.0.0', 'pkg:pypi/honest@1.0'];
const invalid = ['package_invalid_metadata'];

const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const manifest = 'app/node_modules/evil/package.json';
const metadata = 'lib/evil-1.dist-info/METADATA';
const bombYaml = `a: &a [x,x,x,x,x,x,x,x,x]
b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]
c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]
packages:
  evil@1.0.0: *c
  <<: *c
  !!js/function 'x@1.0.0': {}
`;

/** A directory that claims another size for its first member. */
function lyingArchive(size: number): Buffer {
  const bytes = Buffer.from(
    zipArchive([{ name: 'node_modules/evil/package.json', content: '{"name":"evil","version":"1.0.0"}' }]),
  );
  const record = bytes.indexOf('PK\x01\x02');
  bytes.writeUInt32LE(size, record + 24);
  return bytes;
}

const rows: Row[] = [
  {
    group: 12,
    name: 'manifest 50,000 levels deep',
    files: () => ({ [manifest]: `{"name":"evil","version":"1.0.0","x":${deep(50_000)}}` }),
    packages: ['pkg:npm/evil@1.0.0'],
    codes: [],
  },
  {
    group: 12,
    name: 'manifest that never closes',
    files: () => ({ [manifest]: '{"a":'.repeat(100_000) }),
    codes: invalid,
  },
  {
    group: 12,
    name: 'manifest over its limit',
    files: () => ({ [manifest]: `{"x":"${'x'.repeat(2 ** 21)}","name":"evil","version":"1.0.0"}` }),
    codes: invalid,
  },
  {
    group: 12,
    name: 'names of the prototype as keys of a manifest',
    files: () => ({
      [manifest]:
        '{"__proto__":{"name":"x","version":"1"},"constructor":{"prototype":{}},"name":"evil","version":"1.0.0"}',
    }),
    packages: ['pkg:npm/evil@1.0.0'],
    codes: [],
  },
  {
    group: 12,
    name: 'names of the prototype as packages',
    files: () => ({
      [manifest]: '{"name":"__proto__","version":"1.0.0"}',
      'app/node_modules/constructor/package.json': '{"name":"constructor","version":"1.0.0"}',
    }),
    packages: ['pkg:npm/constructor@1.0.0'],
    codes: invalid,
  },
  ...[
    '../../etc/passwd',
    '-oProxy=x',
    '@../x',
    '@s/..',
    'a b',
    'a\u202eb',
    '\u001b[2J',
    '',
    'é',
    '%2e%2e',
    'x'.repeat(300),
  ].map(
    (name): Row => ({
      group: 12,
      name: `npm package ${JSON.stringify(name.slice(0, 20))}`,
      files: () => ({ [manifest]: JSON.stringify({ name, version: '1.0.0' }) }),
      codes: name === '' ? [] : invalid,
    }),
  ),
  {
    group: 12,
    name: "installer's notes 50,000 levels deep",
    files: () => ({ 'app/node_modules/.package-lock.json': `{"packages":${deep(50_000)}}` }),
    codes: [],
  },
  {
    group: 12,
    name: "installer's notes that name what is elsewhere",
    files: () => ({
      'app/node_modules/.package-lock.json': JSON.stringify({
        packages: {
          '../app/node_modules/honest': { version: '1.0.0', dev: true },
          '/app/node_modules/honest': { version: '1.0.0', dev: true },
        },
      }),
    }),
    codes: [],
  },
  {
    group: 12,
    name: 'METADATA of a million lines',
    files: () => ({ [metadata]: `Name: evil\n${'X: y\n'.repeat(1_000_000)}Version: 1\n` }),
    codes: invalid,
  },
  {
    group: 12,
    name: 'METADATA of a million lines without colons',
    files: () => ({ [metadata]: 'x\n'.repeat(500_000) }),
    codes: invalid,
  },
  {
    group: 12,
    name: 'METADATA with a name over lines',
    files: () => ({ [metadata]: 'Name:\n evil\nVersion: 1\n\n' }),
    codes: invalid,
  },
  {
    group: 12,
    name: 'record of Conda 50,000 levels deep',
    files: () => ({ 'c/conda-meta/x.json': `{"files":${deep(50_000)}}` }),
    codes: invalid,
  },
  {
    group: 12,
    name: 'package-lock.json 50,000 levels deep',
    files: () => ({ 'app/package-lock.json': `{"packages":${deep(50_000)}}` }),
    codes: invalid,
  },
  {
    group: 12,
    name: 'dependencies inside dependencies, 60 levels',
    files: () => ({
      'app/package-lock.json': `{"dependencies":${'{"a":{"version":"1.0.0","dependencies":'.repeat(60)}{}${'}}'.repeat(60)}}`,
    }),
    packages: ['pkg:npm/a@1.0.0'],
    codes: [],
  },
  {
    group: 12,
    name: 'names of the prototype in a lock file',
    files: () => ({
      'app/package-lock.json':
        '{"packages":{"__proto__":{"version":"1"},"node_modules/__proto__":{"version":"1.0.0"},"node_modules/constructor":{"version":"1.0.0"}}}',
    }),
    packages: ['pkg:npm/constructor@1.0.0'],
    codes: invalid,
  },
  {
    group: 12,
    name: 'aliases and tags in YAML',
    files: () => ({ 'app/pnpm-lock.yaml': bombYaml }),
    packages: ['pkg:npm/evil@1.0.0'],
    codes: invalid,
  },
  {
    group: 12,
    name: 'YAML and TOML 100,000 levels deep',
    files: () => ({
      'a/pnpm-lock.yaml': `packages:\n  x: ${'['.repeat(100_000)}\n${'- '.repeat(100_000)}`,
      'b/uv.lock': `[[package]]\nx = ${'['.repeat(100_000)}\n[${'a.'.repeat(100_000)}a]\n`,
    }),
    codes: [],
  },
  {
    group: 12,
    name: 'bun.lock 50,000 levels deep',
    files: () => ({ 'app/bun.lock': `{"packages":${'[{"a":'.repeat(50_000)}` }),
    codes: invalid,
  },
  {
    group: 12,
    name: 'requirements in one line of 8 MiB',
    files: () => ({ 'app/requirements.txt': `${'a[b]=='.repeat(1_200_000)}1` }),
    codes: invalid,
  },
  {
    group: 12,
    name: 'an archive that claims 4 GiB',
    files: () => ({ 'app/.yarn/cache/x.zip': lyingArchive(0xfffffffe) }),
    codes: invalid,
  },
  {
    group: 12,
    name: 'an archive that claims one byte',
    files: () => ({ 'app/.yarn/cache/x.zip': lyingArchive(1) }),
    codes: invalid,
  },
  ...['1.'.repeat(50_000), `${'a'.repeat(100_000)}!`, '1'.repeat(100_000)].map(
    (version): Row => ({
      group: 13,
      name: `version of ${version.length} characters: ${version.slice(0, 4)}`,
      files: () => ({
        [manifest]: JSON.stringify({ name: 'evil', version }),
        [metadata]: `Name: evil\nVersion: ${version}\n`,
      }),
      codes: [...invalid, ...invalid],
    }),
  ),
  ...['1.'.repeat(120), `1${'-'.repeat(200)}`, `1.0.0-${'0.'.repeat(120)}0`, `1+${'a.'.repeat(120)}`].map(
    (version): Row => ({
      group: 13,
      name: `version ${version.slice(0, 8)}… as long as the grammar allows`,
      files: () => ({ [metadata]: `Name: evil\nVersion: ${version}\n` }),
      packages: [`pkg:pypi/evil@${version}`],
      // A label does not count where advisories are looked up, whatever stands in it.
      codes: version.includes('+') ? [] : ['unmatched_version'],
    }),
  ),
];

function scan(files: Readonly<Record<string, string | Uint8Array>>): Promise<ScanReport> {
  const of = (ecosystem: string) => ({ id: `CVE-${ecosystem}`, ecosystem, source: 'honest', fixed: null });
  return scanImage({
    image: handleOf(buildTestImage([tar({ ...files, ...honest })])),
    index: fakeAdvisories([of('npm'), of('PyPI')]),
    ecosystems,
    cache: noCache,
    clock: fixedClock('2026-01-02T03:04:05Z'),
    signal: AbortSignal.timeout(60_000),
    progress: noProgress,
    toolVersion: '1',
    include: ['installed', 'declared'],
  });
}

for (const { group, name, files, packages = [], codes } of rows) {
  test(`${group}: ${name}`, async () => {
    const content = files();
    const started = performance.now();
    const report = await scan(content);
    assert.ok(performance.now() - started < 10_000);
    assert.deepEqual(report.packages.map(({ purl }) => purl).sort(), [...packages, ...honestPackages].sort());
    assert.deepEqual(
      report.diagnostics.map(({ code }) => code),
      codes,
    );
    assert.equal(report.scan.state, codes.includes('package_invalid_metadata') ? 'partial' : 'complete');
    assert.deepEqual(report.findings.map(({ id }) => id).sort(), ['CVE-PyPI', 'CVE-npm']);
    for (const { message } of report.diagnostics) assert.ok(message.length < 2_000);
  });
}
