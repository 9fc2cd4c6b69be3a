import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';
import { type DebianMirror, sourcesOf } from './debian-mirror.ts';
import { mustRun } from './run.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** Kept between runs of one day: the mirror is live, so nothing is pinned for longer. */
const cache = join(process.env.DRYDOCK_TEST_CACHE ?? join(tmpdir(), 'drydock-test-cache'));

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
  const day = new Date().toISOString().slice(0, 10);
  const key = createHash('sha256')
    .update(JSON.stringify([suite, include, mirror.debian, day]))
    .digest('hex');
  const path = join(cache, `${suite}-${key.slice(0, 12)}.tar`);
  if (existsSync(path)) return path;
  await mkdir(cache, { recursive: true });
  const temporary = `${path}.${process.pid}.tar`;
  await mustRun('mmdebstrap', [
    '--mode=unshare',
    '--variant=minbase',
    '--format=tar',
    '--quiet',
    ...(include.length > 0 ? [`--include=${include.join(',')}`] : []),
    suite,
    temporary,
    `deb [signed-by=${mirror.keyring}] ${mirror.debian} ${suite} main`,
  ]);
  await rename(temporary, path);
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

async function gzipLayer(directory: string, tar: string) {
  const temporary = join(directory, `incoming-${process.pid}`);
  const plain = createHash('sha256');
  const packed = createHash('sha256');
  const before = new PassThrough().on('data', (chunk) => plain.update(chunk));
  const after = new PassThrough().on('data', (chunk) => packed.update(chunk));
  await pipeline(createReadStream(tar), before, createGzip({ level: 6 }), after, createWriteStream(temporary));
  const digest = packed.digest('hex');
  await rename(temporary, join(directory, 'blobs/sha256', digest));
  const { size } = await stat(join(directory, 'blobs/sha256', digest));
  return {
    descriptor: { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: `sha256:${digest}`, size },
    diffId: `sha256:${plain.digest('hex')}`,
  };
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
