import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';
import { type DebianMirror, sourcesOf } from './debian-mirror.ts';
import { mustRun } from './run.ts';
import { cached } from './test-cache.ts';

/** Names in the cache of the root file systems that this process has asked for. */
const kept = new Map<string, string>();

const here = dirname(fileURLToPath(import.meta.url));

/** What the application image has on top of the minimal one: the list of services and tools. */
export const applicationPackages = [
  'nginx',
  'openssh-server',
  'python3',
  'git',
  'postgresql-client',
  'ca-certificates',
] as const;

/** A real Debian root file system from the main suite only, that is, with the distribution's later fixes missing. */
export async function debianRootfs(
  mirror: DebianMirror,
  suite: string,
  include: readonly string[] = [],
): Promise<string> {
  // The mirror is live, so nothing is pinned for longer than a day.
  const day = new Date().toISOString().slice(0, 10);
  const key = createHash('sha256')
    .update(JSON.stringify([suite, include, mirror.debian, day]))
    .digest('hex');
  const name = `${suite}-${key.slice(0, 12)}.tar`;
  const source = `deb [signed-by=${mirror.keyring}] ${mirror.debian} ${suite} main`;
  const packages = include.length > 0 ? [`--include=${include.join(',')}`] : [];
  const path = await cached(name, async (target) => {
    const options = ['--mode=unshare', '--variant=minbase', '--format=tar', '--quiet', ...packages];
    await mustRun('mmdebstrap', [...options, suite, target, source]);
  });
  kept.set(path, name);
  return path;
}

/** Wraps root file systems as an OCI layout of one gzip layer each; written here, without the program's own writer. */
export async function ociLayout(directory: string, tag: string, layerTars: readonly string[]): Promise<void> {
  await mkdir(join(directory, 'blobs/sha256'), { recursive: true });
  const layers: { mediaType: string; digest: string; size: number }[] = [];
  const diffIds: string[] = [];
  for (const tar of layerTars) {
    const { descriptor, diffId } = await gzipLayer(directory, tar);
    layers.push(descriptor);
    diffIds.push(diffId);
  }
  const config = await putJson(directory, 'application/vnd.oci.image.config.v1+json', {
    created: '2024-01-01T00:00:00Z',
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], Cmd: ['/bin/sh'] },
    rootfs: { type: 'layers', diff_ids: diffIds },
    history: layerTars.map((_, index) => ({ created: '2024-01-01T00:00:00Z', created_by: `layer ${index}` })),
  });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = await putJson(directory, mediaType, { schemaVersion: 2, mediaType, config, layers });
  await writeFile(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const annotations = { 'org.opencontainers.image.ref.name': tag };
  await writeFile(
    join(directory, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] }),
  );
}

async function gzipLayer(directory: string, tar: string): Promise<PackedLayer> {
  const name = kept.get(tar);
  const own = join(directory, `incoming-${process.pid}`);
  // Packing a root file system takes seconds, and many tests do it to the same ones.
  const from = name === undefined ? own : await cached(`${name}.layer`, (folder) => packLayer(folder, tar));
  if (name === undefined) await packLayer(own, tar);
  const layer: PackedLayer = JSON.parse(await readFile(join(from, 'layer.json'), 'utf8'));
  await copyFile(join(from, 'blob'), join(directory, 'blobs', layer.descriptor.digest.replace(':', '/')));
  if (from === own) await rm(own, { recursive: true });
  return layer;
}

interface PackedLayer {
  readonly descriptor: { readonly mediaType: string; readonly digest: string; readonly size: number };
  readonly diffId: string;
}

/** Puts the layer and what a manifest says of it into a new folder. */
async function packLayer(folder: string, tar: string): Promise<void> {
  await mkdir(folder);
  const blob = join(folder, 'blob');
  const plain = createHash('sha256');
  const packed = createHash('sha256');
  const before = new PassThrough().on('data', (chunk) => plain.update(chunk));
  const after = new PassThrough().on('data', (chunk) => packed.update(chunk));
  await pipeline(createReadStream(tar), before, createGzip({ level: 6 }), after, createWriteStream(blob));
  const { size } = await stat(blob);
  const digest = `sha256:${packed.digest('hex')}`;
  const descriptor = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size };
  await writeFile(
    join(folder, 'layer.json'),
    JSON.stringify({ descriptor, diffId: `sha256:${plain.digest('hex')}` } satisfies PackedLayer),
  );
}

async function putJson(directory: string, mediaType: string, value: unknown) {
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = createHash('sha256').update(bytes).digest('hex');
  await writeFile(join(directory, 'blobs/sha256', digest), bytes);
  return { mediaType, digest: `sha256:${digest}`, size: bytes.length };
}

/**
 * Upgrades an image that we built, given as its layers in order, with its own apt-get in a chroot below `directory`:
 * the given `name=version` set, or everything.
 */
export async function aptUpgrade(
  mirror: DebianMirror,
  suite: string,
  layerTars: readonly string[],
  directory: string,
  packages: readonly string[] = [],
): Promise<{ root: string; audit: string; unpackMs: number; runMs: number }> {
  const sources = join(directory, 'sources.list');
  const root = join(directory, 'oracle');
  await writeFile(sources, sourcesOf(suite, mirror));
  const { stdout } = await mustRun('unshare', [
    '--mount',
    '--pid',
    '--fork',
    join(here, 'oracle/apt-upgrade.sh'),
    root,
    sources,
    mirror.keyring,
    ...layerTars,
    '--',
    ...packages,
  ]);
  const times = JSON.parse(stdout) as { unpackMs: number; runMs: number };
  return { root, audit: await readFile(`${root}.audit`, 'utf8'), ...times };
}

/** One path of a directory as the listing script tells it. */
export interface TreeEntry {
  readonly type: string;
  readonly mode: string;
  readonly owner: string;
  readonly content: string | null;
}

/** Reads a directory tree with Python, independently of the program. */
export async function listTree(root: string): Promise<Map<string, TreeEntry>> {
  const { stdout } = await mustRun('python3', [join(here, 'oracle/list-tree.py'), root]);
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as [string, string, string, number, number, string | null]);
  return new Map(
    rows.map(([path, type, mode, uid, gid, content]) => [path, { type, mode, owner: `${uid}:${gid}`, content }]),
  );
}

/** Unpacks one image of a layout with umoci, as root so that owners are kept. */
export async function unpackWithUmoci(layout: string, tag: string, directory: string): Promise<string> {
  await mustRun('umoci', ['unpack', '--image', `${layout}:${tag}`, directory]);
  return join(directory, 'rootfs');
}

/** A temporary directory of a test, removed when its `Symbol.asyncDispose` runs. */
export async function temporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'drydock-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
