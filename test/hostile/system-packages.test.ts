import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { apkCataloger } from '../../src/ecosystems/apk/catalog.ts';
import { apkVersions } from '../../src/ecosystems/apk/versions.ts';
import type { Cataloger, CatalogResult, OsRelease } from '../../src/ecosystems/contract.ts';
import { dpkgCataloger } from '../../src/ecosystems/dpkg/catalog.ts';
import { chiselCataloger } from '../../src/ecosystems/dpkg/chisel/catalog.ts';
import { opkgCataloger } from '../../src/ecosystems/opkg/catalog.ts';
import { repositoryBranches } from '../../src/ecosystems/os-release/alpine.ts';
import { apkDatabase } from '../support/apk-database.ts';
import { factLayers, type LayerFiles } from '../support/fact-layers.ts';

const os: OsRelease = { id: 'alpine', versionId: '3.20.3', codename: null, prettyName: null, path: 'etc/os-release' };

/** By way of JSON, as every cache hands facts on. */
async function catalogOf<F>(cataloger: Cataloger<F>, files: LayerFiles): Promise<CatalogResult> {
  const { layers, view } = await factLayers(() => cataloger.analysis.visitor(), [files]);
  const known = layers.map((layer) => ({ ...layer, facts: JSON.parse(JSON.stringify(layer.facts)) as F }));
  return cataloger.coalesce({ layers: known, view, os });
}

const installed = 'lib/apk/db/installed';
const honest = { name: 'libssl3', version: '3.3.2-r0', origin: 'openssl', files: ['lib/libssl.so.3'] };
const names = ({ packages }: CatalogResult): string[] => packages.map(({ name }) => name).sort();
const codes = ({ diagnostics }: CatalogResult): string[] => [...new Set(diagnostics.map(({ code }) => code))];

/** What an apk database may try beside an honest package, and what is told of it. */
const rows: { name: string; text: () => string | Uint8Array; packages?: string[]; codes: string[] }[] = [
  ...['-oProxy=x', '$(id)', '../x', 'a b', 'é', 'x'.repeat(300), '<img>', '\u001b[2J', '', 'a\u202eb'].map((name) => ({
    name: `package name ${JSON.stringify(name.slice(0, 20))}`,
    text: () => apkDatabase([{ name, version: '1-r0' }]),
    codes: ['package_invalid_metadata'],
  })),
  ...['$(id)', '1:2', '1/../../x', '1.'.repeat(50_000), `${'a'.repeat(100_000)}!`].map((version) => ({
    name: `version ${version.slice(0, 20)} (${version.length} characters): listed, told, never compared`,
    text: () => apkDatabase([{ name: 'odd', version }]),
    packages: ['libssl3', 'odd'],
    codes: ['package_invalid_metadata'],
  })),
  {
    name: 'hostile origin',
    text: () => apkDatabase([{ name: 'a', version: '1', origin: '`id`' }]),
    codes: ['package_invalid_metadata'],
  },
  {
    name: 'hostile architecture',
    text: () => apkDatabase([{ name: 'a', version: '1', arch: '../x' }]),
    codes: ['package_invalid_metadata'],
  },
  {
    name: 'a line of 10 MB',
    text: () => `P:a\nT:${'x'.repeat(10_000_000)}\nV:1\n\n`,
    packages: ['a', 'libssl3'],
    codes: ['malformed_database'],
  },
  { name: 'five million lines that are no fields', text: () => 'x\n'.repeat(5_000_000), codes: ['malformed_database'] },
  {
    name: '100,000 hostile records: complaints are bounded',
    text: () => 'P:$(id)\nV:1\n\n'.repeat(100_000),
    codes: ['package_invalid_metadata'],
  },
  {
    name: 'paths that leave the root are nobody’s files',
    text: () => 'P:a\nV:1\nF:../../etc\nR:passwd\nF:/abs\nR:../x\n\n',
    packages: ['a', 'libssl3'],
    codes: [],
  },
  {
    name: 'keys of object prototypes',
    text: () =>
      apkDatabase([
        { name: '__proto__', version: '1' },
        { name: 'constructor', version: '1' },
      ]),
    packages: ['__proto__', 'constructor', 'libssl3'],
    codes: [],
  },
  { name: 'binary rubbish', text: () => Buffer.alloc(1_000_000, 0xff), codes: ['malformed_database'] },
];

for (const row of rows) {
  test(`apk: ${row.name}`, async () => {
    const text = Buffer.concat([Buffer.from(apkDatabase([honest])), Buffer.from(row.text())]);
    const result = await catalogOf(apkCataloger, { [installed]: text });
    assert.deepEqual(names(result), row.packages ?? ['libssl3']);
    assert.deepEqual(codes(result), row.codes);
    assert.ok(result.diagnostics.length <= 1000);
    for (const { message } of result.diagnostics) assert.ok(message.length < 2000, 'messages are bounded');
    assert.equal(result.owners?.ownerOf('etc/passwd'), undefined);
  });
}

test('chisel: a bomb of 256 MiB in 8 KiB ends at its limit', async () => {
  const bomb = zstdCompressSync(Buffer.alloc(256 * 1024 * 1024, 'x'));
  const result = await catalogOf(chiselCataloger, { 'var/lib/chisel/manifest.wall': bomb });
  assert.deepEqual(codes(result), ['package_database_too_large']);
  const lines = zstdCompressSync(Buffer.alloc(32 * 1024 * 1024, '\n'));
  assert.deepEqual(codes(await catalogOf(chiselCataloger, { 'a/manifest.wall': lines })), [
    'package_database_too_large',
  ]);
});

/** Cuts, repeats and overwrites pieces of a real-looking file. */
const mutations = fc.array(fc.tuple(fc.nat(), fc.nat(60), fc.uint8Array({ maxLength: 12 }), fc.boolean()), {
  minLength: 1,
  maxLength: 6,
});
type Mutations = readonly (readonly [number, number, Uint8Array, boolean])[];

function mutate(bytes: Buffer, changes: Mutations): Buffer {
  let text = bytes;
  for (const [position, length, insert, repeat] of changes) {
    const at = position % (text.length + 1);
    const piece = text.subarray(at, at + length);
    text = Buffer.concat([text.subarray(0, at), insert, ...(repeat ? [piece, piece] : []), text.subarray(at + length)]);
  }
  return text;
}

const shared = process.env.DRYDOCK_SHARED ?? join(import.meta.dirname, '../../../shared');
const sample = join(shared, 'samples/apk-installed-3.20.3');
/** A real database where there is one, else one in its format. */
const apkInstalled = existsSync(sample)
  ? readFileSync(sample)
  : Buffer.from(apkDatabase([honest, { ...honest, name: 'libcrypto3' }]));
const dpkgStatus =
  'Package: a\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:2-3\nSource: b (4)\n\n'.repeat(3);
const opkgStatus =
  'Package: busybox\nVersion: 1.36.1-1\nStatus: install user installed\nArchitecture: mips_24kc\n\n'.repeat(3);
const manifest = `{"jsonwall":"1.0"}\n{"kind":"package","name":"a","version":"1","arch":"amd64"}\n{"kind":"path","path":"/a","slices":["a_x"]}\n`;
const md5 = `${'0'.repeat(32)}  usr/bin/a\n`.repeat(5);

const parsers: { name: string; run: (changes: Mutations) => Promise<CatalogResult> }[] = [
  {
    name: 'apk',
    run: (changes) => catalogOf(apkCataloger, { [installed]: mutate(apkInstalled, changes) }),
  },
  {
    name: 'dpkg lists',
    run: (changes) =>
      catalogOf(dpkgCataloger, {
        'var/lib/dpkg/status': dpkgStatus,
        'var/lib/dpkg/info/a.list': mutate(Buffer.from('/.\n/usr\n/usr/bin/a\n'), changes),
        'var/lib/dpkg/status.d/b': 'Package: b\nVersion: 1\n',
        'var/lib/dpkg/status.d/b.md5sums': mutate(Buffer.from(md5), changes),
      }),
  },
  {
    name: 'opkg',
    run: (changes) => catalogOf(opkgCataloger, { 'usr/lib/opkg/status': mutate(Buffer.from(opkgStatus), changes) }),
  },
  {
    name: 'chisel lines',
    run: (changes) =>
      catalogOf(chiselCataloger, { 'a/manifest.wall': zstdCompressSync(mutate(Buffer.from(manifest), changes)) }),
  },
  {
    name: 'chisel frames',
    run: (changes) =>
      catalogOf(chiselCataloger, { 'a/manifest.wall': mutate(zstdCompressSync(Buffer.from(manifest)), changes) }),
  },
];

for (const { name, run } of parsers) {
  test(`fuzzing ${name}: every change of the file ends in packages and diagnostics`, async () => {
    await fc.assert(
      fc.asyncProperty(mutations, async (changes) => {
        const { packages, diagnostics, owners } = await run(changes);
        for (const pkg of packages) {
          assert.match(pkg.purl, /^pkg:(apk|deb|opkg)\/[!-~]+$/);
          assert.ok(pkg.name.length <= 255 && pkg.version.length <= 5000);
        }
        assert.ok(diagnostics.length <= 1000);
        owners?.ownerOf('usr/bin/a');
      }),
      { numRuns: 150 },
    );
  });
}

test('fuzzing lists of repositories and apk versions: any text is answered', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.string({ maxLength: 40 }),
      fc.string({ maxLength: 40 }),
      (bytes, a, b) => {
        for (const branch of repositoryBranches(bytes)) assert.match(branch, /^(edge|latest-stable|v[0-9.]+)$/);
        if (apkVersions.valid(a) && apkVersions.valid(b)) apkVersions.compare(a, b);
      },
    ),
    { numRuns: 500 },
  );
});
