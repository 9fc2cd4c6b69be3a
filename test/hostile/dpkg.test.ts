import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ecosystems } from '../../src/ecosystems/index.ts';
import type { ScanReport } from '../../src/findings/index.ts';
import { fixedClock, noProgress } from '../../src/kernel/index.ts';
import { noCache, scanImage } from '../../src/scan/index.ts';
import { fakeAdvisories } from '../support/fake-advisories.ts';
import { handleOf } from '../support/image-handle.ts';
import { buildTestImage, type TarMember, tar } from '../support/test-image.ts';

/** What an image's package database may try, and what must come of it. */
interface Row {
  /** Group of hostile-inputs.md. */
  readonly group: 10;
  readonly name: string;
  /** Members of the one layer, besides an os-release of Debian 12. */
  readonly files: () => Readonly<Record<string, TarMember | string | Uint8Array>>;
  readonly packages: readonly string[];
  readonly codes: readonly string[];
  readonly state: ScanReport['scan']['state'];
  /** Findings of the one advisory, which is for every version of the source `openssl`. */
  readonly findings?: number;
}

const status = 'var/lib/dpkg/status';

function record(fields: Record<string, string>): string {
  const all = { Package: 'evil', Status: 'install ok installed', Architecture: 'amd64', Version: '1', ...fields };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${lines.join('\n')}\n\n`;
}

/** A package that must be found whatever stands beside it. */
const honest = record({ Package: 'libssl3', Source: 'openssl', Version: '3.0.1-1' });

const badNames = [
  ...[
    '-oProxy=http://evil.example',
    '--force-all',
    '$(id)',
    ';reboot',
    '`id`',
    'a b',
    '../../etc/passwd',
    'a/b',
    'UPPER',
  ],
  ...['a\u202eb', 'é', 'x'.repeat(256), "'", '"', '%2e%2e', '{{7*7}}', '<img>', '\u001b[2J'],
];

const rows: Row[] = [
  ...badNames.map(
    (name): Row => ({
      group: 10,
      name: `package name ${JSON.stringify(name.slice(0, 30))}`,
      files: () => ({ [status]: honest + record({ Package: name, Source: 'openssl' }) }),
      packages: ['libssl3'],
      codes: ['package_invalid_metadata'],
      state: 'partial',
      findings: 1,
    }),
  ),
  {
    group: 10,
    name: 'newline in a name: a continuation line',
    files: () => ({ [status]: honest + record({ Package: 'evil\n --force-all' }) }),
    packages: ['libssl3'],
    codes: ['package_invalid_metadata'],
    state: 'partial',
  },
  {
    group: 10,
    name: 'newline in a name: a second field, of which the first counts',
    files: () => ({ [status]: honest + record({ Package: 'evil\nPackage: --force-all' }) }),
    packages: ['evil', 'libssl3'],
    codes: [],
    state: 'complete',
  },
  {
    group: 10,
    name: 'hostile source name and architecture',
    files: () => ({
      [status]: honest + record({ Source: '$(id) (1)' }) + record({ Package: 'evil2', Architecture: '../x' }),
    }),
    packages: ['libssl3'],
    codes: ['package_invalid_metadata', 'package_invalid_metadata'],
    state: 'partial',
  },
  {
    group: 10,
    name: 'a field of 10 MB',
    files: () => ({ [status]: record({ Version: '1'.repeat(10_000_000) }) + honest }),
    packages: ['libssl3'],
    codes: ['package_invalid_metadata'],
    state: 'partial',
  },
  {
    group: 10,
    name: 'a description of 10 MB hides nothing and costs nothing',
    files: () => ({ [status]: record({ Description: `x\n${' y\n'.repeat(3_000_000)} z` }) + honest }),
    packages: ['evil', 'libssl3'],
    codes: [],
    state: 'complete',
  },
  {
    group: 10,
    name: 'ten million lines without a colon',
    files: () => ({ [status]: `${honest}${'x\n'.repeat(10_000_000)}` }),
    packages: ['libssl3'],
    codes: ['malformed_database'],
    state: 'complete',
  },
  {
    group: 10,
    name: 'missing version',
    files: () => ({ [status]: honest + record({ Version: '' }) }),
    packages: ['libssl3'],
    codes: ['package_invalid_metadata'],
    state: 'partial',
  },
  {
    group: 10,
    name: 'missing or malformed status',
    files: () => ({ [status]: honest + record({ Status: 'installed' }) }),
    packages: ['libssl3'],
    codes: ['package_invalid_metadata'],
    state: 'partial',
  },
  {
    group: 10,
    name: 'an epoch of 10^30 is a version like any other',
    files: () => ({ [status]: record({ Package: 'libssl3', Source: 'openssl', Version: `1${'0'.repeat(30)}:1-1` }) }),
    packages: ['libssl3'],
    codes: [],
    state: 'complete',
    findings: 1,
  },
  ...['~~~~', '1.0 && id', '$(id)', '1/../../x', `1:${'2:'.repeat(2000)}/`, 'v1'].map(
    (version): Row => ({
      group: 10,
      name: `version ${version.slice(0, 20)}: listed, told, never matched`,
      files: () => ({ [status]: record({ Package: 'libssl3', Source: 'openssl', Version: version }) }),
      packages: ['libssl3'],
      codes: ['unmatched_version', 'package_invalid_metadata'],
      state: 'partial',
      findings: 0,
    }),
  ),
  {
    group: 10,
    name: 'a path in the name of a status.d file',
    files: () => ({
      'var/lib/dpkg/status.d/..\\..\\x': honest,
      'var/lib/dpkg/status.d/$(id)': record({ Package: 'a' }),
      'var/lib/dpkg/status.d/-rf': record({ Package: 'b' }),
    }),
    packages: ['a', 'b', 'libssl3'],
    codes: [],
    state: 'complete',
    findings: 1,
  },
  {
    group: 10,
    name: 'a status that is a link out of the image stays inside',
    files: () => ({ [status]: { type: 'symlink', link: '../../../../../../data/status' }, 'data/status': honest }),
    packages: ['libssl3'],
    codes: [],
    state: 'complete',
    findings: 1,
  },
  {
    group: 10,
    name: 'a status that is a link to itself',
    files: () => ({ [status]: { type: 'symlink', link: 'status' } }),
    packages: [],
    codes: ['no_package_database'],
    state: 'unsupported',
  },
  {
    group: 10,
    name: 'a status that is a device',
    files: () => ({ [status]: { type: 'char' } }),
    packages: [],
    codes: ['no_package_database'],
    state: 'unsupported',
  },
  {
    group: 10,
    name: 'keys of object prototypes',
    files: () => ({ [status]: `__proto__: x\nconstructor: y\n${honest}${record({ Package: 'constructor' })}` }),
    packages: ['constructor', 'libssl3'],
    codes: [],
    state: 'complete',
  },
  {
    group: 10,
    name: 'binary rubbish',
    files: () => ({ [status]: Buffer.concat([Buffer.from(honest), Buffer.alloc(1_000_000, 0xff)]) }),
    packages: ['libssl3'],
    codes: ['malformed_database'],
    state: 'complete',
  },
];

const index = fakeAdvisories([{ id: 'CVE-2026-1', ecosystem: 'Debian:12', source: 'openssl', fixed: null }]);

for (const row of rows) {
  test(`group ${row.group}: ${row.name}`, async () => {
    const layer = tar({ 'etc/os-release': 'ID=debian\nVERSION_ID=12\n', ...row.files() });
    const report = await scanImage({
      ...{ image: handleOf(buildTestImage([layer], { compression: 'none' })), index, ecosystems, cache: noCache },
      ...{ clock: fixedClock('2026-01-02T00:00:00Z'), signal: AbortSignal.timeout(30_000) },
      ...{ progress: noProgress, toolVersion: '0' },
    });
    assert.deepEqual(report.packages.map(({ name }) => name).sort(), row.packages);
    assert.deepEqual(
      report.diagnostics.map(({ code }) => code),
      row.codes,
    );
    assert.equal(report.scan.state, row.state);
    if (row.findings !== undefined) assert.equal(report.findings.length, row.findings);
    for (const { message } of report.diagnostics) assert.ok(message.length < 2000, 'messages are bounded');
  });
}
