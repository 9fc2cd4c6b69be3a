import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { factLayers, type LayerFiles } from '../../../../test/support/fact-layers.ts';
import { digestOf } from '../../../image/index.ts';
import type { CatalogResult, OsRelease } from '../../contract.ts';
import { chiselCataloger } from './catalog.ts';
import { chiselLimits, readChiselManifest } from './manifest.ts';

const ubuntu: OsRelease = {
  id: 'ubuntu',
  versionId: '24.04',
  codename: null,
  prettyName: null,
  path: 'etc/os-release',
};

async function catalog(...images: LayerFiles[]): Promise<CatalogResult> {
  const { layers, view } = await factLayers(() => chiselCataloger.analysis.visitor(), images);
  return chiselCataloger.coalesce({ layers, view, os: ubuntu });
}

/** A manifest as Chisel writes it: header, then packages, slices, paths and contents. */
const text = [
  '{"jsonwall":"1.0","schema":"1.0","count":7}',
  '{"kind":"content","slice":"libssl3t64_libs","path":"/usr/lib/x86_64-linux-gnu/libssl.so.3"}',
  '{"kind":"package","name":"base-files","version":"13ubuntu10","sha256":"00","arch":"amd64"}',
  '{"kind":"package","name":"libssl3t64","version":"3.0.13-0ubuntu3.1","sha256":"00","arch":"amd64"}',
  '{"kind":"path","path":"/lib","mode":"0777","slices":["base-files_lib"],"link":"usr/lib"}',
  '{"kind":"path","path":"/lib/x86_64-linux-gnu/libssl.so.3","mode":"0644","slices":["libssl3t64_libs"],"size":1}',
  '{"kind":"slice","name":"libssl3t64_libs"}',
].join('\n');
const wall = 'var/lib/chisel/manifest.wall';
const pack = (content: string) => zstdCompressSync(Buffer.from(content));

test('packages and their files; sources are not known, and that is said', async () => {
  const { packages, diagnostics, owners } = await catalog({ [wall]: pack(text) });
  assert.deepEqual(
    packages.map(({ purl, source, locations }) => [purl, source, locations]),
    ['base-files@13ubuntu10', 'libssl3t64@3.0.13-0ubuntu3.1'].map((name) => [
      `pkg:deb/ubuntu/${name}?arch=amd64&distro=ubuntu-24.04`,
      null,
      [{ path: wall, layer: digestOf('layer 0') }],
    ]),
  );
  assert.deepEqual(
    diagnostics.map(({ code, partial }) => [code, partial]),
    [['source_packages_unknown', true]],
  );
  assert.equal(owners?.ownerOf('usr/lib/x86_64-linux-gnu/libssl.so.3'), packages[1]?.purl);
  assert.equal(owners?.ownerOf('srv/x'), undefined);
});

test('only the manifest of the final file system counts', async () => {
  assert.deepEqual(await catalog({ [wall]: pack(text) }, { [wall]: null }), { packages: [], diagnostics: [] });
  const newer = text.replace('3.0.13-0ubuntu3.1', '3.0.13-0ubuntu3.2');
  const { packages } = await catalog({ [wall]: pack(text) }, { [wall]: pack(newer) });
  assert.deepEqual(
    packages.map(({ version }) => version),
    ['13ubuntu10', '3.0.13-0ubuntu3.2'],
  );
});

test('damaged, foreign and oversized manifests', async () => {
  const codes = async (bytes: Uint8Array) => (await catalog({ [wall]: bytes })).diagnostics.map(({ code }) => code);
  const damaged = ['package_database_too_large', 'malformed_database'];
  assert.deepEqual(await codes(Buffer.from('no zstd')), damaged);
  assert.deepEqual(await codes(pack(text).subarray(0, 60)), damaged);
  assert.deepEqual(await codes(pack('[]\nnull\n{"kind":"package"}\n{"kind":"path","path":1}\n{')), [
    'malformed_database',
  ]);
  assert.deepEqual(await codes(pack('{"kind":"package","name":"../x","version":"1"}')), ['package_invalid_metadata']);
  assert.deepEqual(await codes(new Uint8Array()), damaged);
  const read = async (content: string, limits: Partial<typeof chiselLimits>) => {
    const chunks = (async function* () {
      yield pack(content);
    })();
    return (await readChiselManifest(chunks, { ...chiselLimits, ...limits })).truncated;
  };
  assert.equal(await read(text, {}), false);
  assert.equal(await read(text, { unpackedBytes: 100 }), true);
  assert.equal(await read(`{"a":"${'x'.repeat(200)}`, { lineBytes: 100 }), true);
  assert.equal(await read(text, { packages: 1 }), true);
});
