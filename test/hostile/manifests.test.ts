import assert from 'node:assert/strict';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { ScanReport } from '../../src/findings/index.ts';
import { e0World } from '../support/e0.ts';
import { installed, toyDebianImage, toyDebianLayer } from '../support/e0-debian.ts';
import { type LayoutContent, storedImage, writeLayout } from '../support/layout-files.ts';
import { sha256, tar } from '../support/test-image.ts';

/** Groups 6–8 of hostile-inputs.md in OCI layouts and archives, through the real command line under E0. */
interface Row {
  readonly group: number;
  readonly name: string;
  readonly content: () => LayoutContent;
  /** Changes files of the layout after it was written. */
  readonly spoil?: (directory: string) => Promise<void>;
  readonly args?: readonly string[];
  /** What standard error says; the scan exits with 1 or the given code. */
  readonly stderr: RegExp;
  readonly exit?: number;
}

const world = await e0World();
const ociManifest = 'application/vnd.oci.image.manifest.v1+json';
const ociIndex = 'application/vnd.oci.image.index.v1+json';
const configType = 'application/vnd.oci.image.config.v1+json';
const image = toyDebianImage();
const layer = gzipSync(toyDebianLayer());
const blobs = image.blobs;
const parsed = JSON.parse(image.manifest.toString()) as { config: object; layers: object[] };

const document = (changes: object, mediaType = ociManifest): LayoutContent => {
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...changes }));
  return { manifest, mediaType, blobs };
};
const manifest = (changes: object): LayoutContent => document({ ...parsed, ...changes });
const withConfig = (config: string, size = config.length): LayoutContent => {
  const digest = sha256(config);
  const made = manifest({ config: { mediaType: configType, digest, size } });
  return { ...made, blobs: new Map([...blobs, [digest, Buffer.from(config)] as const]) };
};
const child = { mediaType: ociManifest, digest: image.digest, size: image.manifest.length };
const amd64 = { platform: { os: 'linux', architecture: 'amd64' } };

function nested(depth: number): LayoutContent {
  const all = new Map<string, Buffer>([...blobs, [image.digest, image.manifest]]);
  let content = document({ manifests: [{ ...child, ...amd64 }] }, ociIndex);
  for (let n = 1; n < depth; n++) {
    const digest = sha256(content.manifest);
    all.set(digest, content.manifest);
    content = document({ manifests: [{ mediaType: ociIndex, digest, size: content.manifest.length }] }, ociIndex);
  }
  return { ...content, blobs: all };
}

const blobFile = (directory: string, digest: string): string => join(directory, 'blobs', digest.replace(':', '/'));
const layerDigest = sha256(layer);
const stored = (): LayoutContent => storedImage([{ stored: layer, diffId: sha256(toyDebianLayer()) }]);
/** A layer that no other test has seen: one that is known already would not be read again. */
const unseen = gzipSync(toyDebianLayer(installed('unseen', '1')));

const rows: readonly Row[] = [
  {
    group: 6,
    name: 'layer with other bytes than its digest',
    content: stored,
    spoil: (directory) => writeFile(blobFile(directory, layerDigest), gzipSync(tar({ 'etc/evil': 'x' }))),
    stderr: /sha256:[0-9a-f]{64}/,
  },
  {
    group: 6,
    name: 'layer shorter than it claims',
    content: () => storedImage([{ stored: layer, diffId: sha256(toyDebianLayer()), size: layer.length + 1 }]),
    stderr: /sha256:[0-9a-f]{64}|bytes/,
  },
  {
    group: 6,
    name: 'diff_id of another layer, when it is to be verified',
    content: () => storedImage([{ stored: layer, diffId: sha256('another') }]),
    args: ['--verify-diff-ids'],
    stderr: /unpacks to sha256:/,
  },
  {
    group: 6,
    name: 'manifest with other bytes than its digest',
    content: () => image,
    spoil: (directory) => writeFile(blobFile(directory, image.digest), `${image.manifest} `),
    stderr: /sha256:[0-9a-f]{64}|bytes/,
  },
  {
    group: 7,
    name: 'manifest of 50 MiB',
    content: () => ({ ...image, manifest: Buffer.concat([image.manifest, Buffer.alloc(50 * 1024 * 1024, ' ')]) }),
    stderr: /4 MiB|4194304/,
  },
  {
    group: 7,
    name: '10,000 layers',
    content: () => manifest({ layers: Array.from({ length: 10_000 }, () => parsed.layers[0]) }),
    stderr: /10000 layers; the limit is 1000/,
  },
  { group: 7, name: 'indexes nested 20 deep', content: () => nested(20), stderr: /nested too deep/ },
  {
    group: 7,
    name: 'index that claims to contain itself',
    content: () => document({ manifests: [{ mediaType: ociIndex, digest: sha256('self'), size: 4 }] }, ociIndex),
    spoil: async (directory) => {
      // No document can hold its own digest; the best a forger can do is to answer with the same bytes again.
      const root = document({ manifests: [{ mediaType: ociIndex, digest: sha256('self'), size: 4 }] }, ociIndex);
      await writeFile(blobFile(directory, sha256('self')), root.manifest);
    },
    stderr: /sha256:[0-9a-f]{64}|bytes/,
  },
  {
    group: 7,
    name: 'media type that is not the one of the descriptor',
    content: () => ({ ...image, mediaType: ociIndex }),
    stderr: /ambiguous document: it calls itself .* but was delivered as/,
  },
  { group: 7, name: 'both layers and manifests', content: () => manifest({ manifests: [] }), stderr: /ambiguous/ },
  {
    group: 7,
    name: 'a deciding key in another case',
    content: () => manifest({ Layers: [] }),
    stderr: /ambiguous document: the key "Layers"/,
  },
  {
    group: 7,
    name: 'schema 1',
    content: () => ({
      manifest: Buffer.from('{"schemaVersion":1,"fsLayers":[],"history":[]}'),
      mediaType: 'application/vnd.docker.distribution.manifest.v1+prettyjws',
      blobs,
    }),
    stderr: /schema 1|schema1/,
  },
  {
    group: 7,
    name: 'sha1 digest',
    content: () => manifest({ layers: [{ ...parsed.layers[0], digest: `sha1:${'0'.repeat(40)}` }] }),
    stderr: /not a sha256 or sha512 digest: "sha1:/,
  },
  {
    group: 7,
    name: 'digest that is a path',
    content: () => manifest({ layers: [{ ...parsed.layers[0], digest: 'sha256:../../x' }] }),
    stderr: /not a sha256 or sha512 digest: "sha256:\.\.\/\.\.\/x"/,
  },
  { group: 7, name: 'config missing', content: () => manifest({ config: undefined }), stderr: /config/ },
  { group: 7, name: 'config that is an array', content: () => withConfig('[]'), stderr: /config is not a JSON object/ },
  { group: 7, name: 'config of 1 GB', content: () => withConfig('{}', 1e9), stderr: /config|1000000000|limit/ },
  {
    group: 7,
    name: 'config nested 100,000 deep',
    content: () => withConfig(`{"rootfs":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
    stderr: /config cannot be read/,
  },
  {
    group: 7,
    name: 'keys of object prototypes in the config',
    content: () => withConfig('{"__proto__":{"rootfs":{"diff_ids":[]}},"constructor":1}'),
    stderr: /rootfs is missing/,
  },
  {
    group: 7,
    name: 'config that counts other layers than the manifest',
    content: () => storedImage([{ stored: layer }], { rootfs: { type: 'layers', diff_ids: [] } }),
    stderr: /the manifest has 1 layers, its config lists 0/,
  },
  {
    group: 7,
    name: 'the same platform twice',
    content: () => ({
      ...document(
        {
          manifests: [
            { ...child, ...amd64 },
            { ...child, ...amd64 },
          ],
        },
        ociIndex,
      ),
      blobs: new Map([...blobs, [image.digest, image.manifest]]),
    }),
    stderr: /linux\/amd64 is listed twice/,
  },
  {
    group: 7,
    name: 'blob that is a link to a file of the host',
    content: () => storedImage([{ stored: unseen }]),
    spoil: async (directory) => {
      await rm(blobFile(directory, sha256(unseen)));
      await symlink(join(world.host, 'etc/passwd'), blobFile(directory, sha256(unseen)));
    },
    stderr: /cannot read .*symbolic link/,
    exit: 7,
  },
];

for (const row of rows) {
  test(`group ${row.group}: ${row.name}`, async () => {
    const directory = join(world.images, 'image');
    await writeLayout(directory, row.content());
    await row.spoil?.(directory);
    const run = await world.run(['scan', `oci:${directory}:v1`, '--json', '-q', ...(row.args ?? [])]);
    assert.equal(run.code, row.exit ?? 1, run.stderr);
    assert.match(run.stderr, /^error: /);
    assert.match(run.stderr, row.stderr);
    assert.equal(run.stdout, '', 'no report that looks like a result');
    assert.ok(run.stderr.length < 3000, 'a message of bounded length');
  });
}

test('group 6: a layer that failed its digest is not remembered', async () => {
  const directory = join(world.images, 'image');
  const content = storedImage([{ stored: unseen }]);
  await writeLayout(directory, content);
  await writeFile(blobFile(directory, sha256(unseen)), gzipSync(tar({ 'etc/evil': 'x' })));
  assert.equal((await world.run(['scan', `oci:${directory}:v1`, '--json', '-q'])).code, 1);
  await writeLayout(directory, content);
  const run = await world.run(['scan', `oci:${directory}:v1`, '--json', '-q']);
  assert.equal(run.code, 0, run.stderr);
  assert.deepEqual((JSON.parse(run.stdout) as ScanReport).packages.map(({ name }) => name).toSorted(), [
    'libtoy',
    'unseen',
  ]);
});

test('group 6: an unverified diff_id is no key to what is known about a layer', async () => {
  const directory = join(world.images, 'image');
  const honest = gzipSync(toyDebianLayer(installed('honest', '1')));
  const evil = gzipSync(toyDebianLayer(installed('evil', '1')));
  const claimed = sha256('one diff-id for both');
  for (const [layerBytes, name] of [
    [honest, 'honest'],
    [evil, 'evil'],
  ] as const) {
    await writeLayout(directory, storedImage([{ stored: layerBytes, diffId: claimed }]));
    const run = await world.run(['scan', `oci:${directory}:v1`, '--json', '-q']);
    const names = (JSON.parse(run.stdout) as ScanReport).packages.map((pkg) => pkg.name);
    assert.deepEqual(names.toSorted(), [name, 'libtoy'].toSorted());
  }
});

test('group 1: an archive of docker save whose members leave the archive', async () => {
  const path = join(world.images, 'evil.tar');
  const [config = '', layerPath = ''] = ['../../../etc/passwd', '/etc/passwd'];
  const list = JSON.stringify([{ Config: config, RepoTags: ['a:b'], Layers: [layerPath] }]);
  await mkdir(world.images, { recursive: true });
  await writeFile(path, tar({ 'manifest.json': list, '../../../etc/passwd': '{}', '/etc/passwd': 'x' }));
  const run = await world.run(['scan', `archive:${path}`, '--json', '-q']);
  assert.equal(run.code, 1, run.stderr);
  assert.match(run.stderr, /^error: /);
  assert.equal(run.stdout, '');
});

test('group 2: a root directory with links out of it', async () => {
  const directory = join(world.images, 'rootfs');
  await mkdir(join(directory, 'var/lib/dpkg'), { recursive: true });
  await mkdir(join(directory, 'etc'));
  await writeFile(join(directory, 'etc/os-release'), 'ID=debian\nVERSION_ID="12"\n');
  await writeFile(join(world.host, 'etc/status'), installed('from-the-host', '1'));
  await symlink(join(world.host, 'etc/status'), join(directory, 'var/lib/dpkg/status'));
  await symlink(world.host, join(directory, 'host'));
  const run = await world.run(['scan', `dir:${directory}`, '--json', '-q']);
  assert.equal(run.code, 0, run.stderr);
  const report = JSON.parse(run.stdout) as ScanReport;
  assert.deepEqual(report.packages, []);
  assert.equal(report.scan.state, 'unsupported');
});
