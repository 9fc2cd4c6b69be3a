import { createHash, createPrivateKey, sign } from 'node:crypto';
import { hexOf } from '../../../../image/index.ts';
import type { OsRelease } from '../../../contract.ts';
import type { PackageUniverse } from '../universe.ts';
import { loadKeyring, openArchive } from './archive.ts';
import { type BundleFile, type BundleManifest, bundleNames, bundlePath } from './bundle.ts';
import { mirrorsOf, sourceFor } from './config.ts';
import type { ArchiveDeps } from './deps.ts';
import { RepositoryError } from './errors.ts';
import { openAt, tryMirrors } from './mirrors.ts';
import { readBounded } from './read-bounded.ts';
import { parseRelease } from './release.ts';
import { verifyClearSigned } from './signature.ts';

/** What a bundle shall hold. */
export interface BundleRequest {
  readonly os: OsRelease;
  /** In Debian's spelling. */
  readonly architectures: readonly string[];
  /** Every version of these packages that the suites offer; their dependencies are not added. */
  readonly packages: readonly string[];
  /** Operator's Ed25519 private key, PEM. */
  readonly privateKey: string;
}

/** Takes the files of a bundle. */
export interface BundleTarget {
  /** `path` is checked: relative, below the bundle's directory. */
  write(path: string, content: Uint8Array): Promise<void>;
}

/** A file that the signed chain names. */
interface Wanted {
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
}

const maxInRelease = 8 * 1024 * 1024;

/**
 * Writes an offline bundle (fix-engine.md §6.8) from the configured mirrors. Everything is verified on the way in
 * exactly as for a fix; the table and its signature are written last, so an interrupted bundle is none.
 * @throws RepositoryError
 */
export async function writeBundle(
  request: BundleRequest,
  deps: ArchiveDeps,
  target: BundleTarget,
  signal: AbortSignal,
): Promise<BundleManifest> {
  const files = new Map<string, BundleFile>();
  const suites = new Map<string, { archive: string; suite: string }>();
  const save = async (archive: string, wanted: Wanted): Promise<void> => {
    const path = bundlePath(archive, wanted.path);
    if (files.has(path)) return;
    const { sha256, size } = wanted;
    await target.write(path, await fetchHashed(archive, wanted.path, sha256, size, deps, signal));
    files.set(path, { archive, path: wanted.path, size, sha256 });
  };
  for (const arch of request.architectures) {
    const universe = await openArchive(request.os, arch, deps, signal);
    for (const index of universe.indexes) {
      suites.set(`${index.archive} ${index.suite}`, { archive: index.archive, suite: index.suite });
      for (const wanted of await metadataOf(index, request.os, deps, signal)) await save(index.archive, wanted);
    }
    for (const name of request.packages) {
      for (const candidate of universe.candidates(name)) await save(candidate.archive, candidate);
    }
  }
  const manifest: BundleManifest = {
    schema: 1,
    created: deps.clock.now().toISOString(),
    suites: [...suites.values()],
    architectures: request.architectures,
    files: [...files.values()],
  };
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
  const signature = sign(null, bytes, createPrivateKey(request.privateKey)).toString('base64');
  await target.write(bundleNames.manifest, bytes);
  await target.write(bundleNames.signature, Buffer.from(`${signature}\n`));
  return manifest;
}

/** The InRelease that was verified a moment ago and the indexes that it lists for the universe. */
async function metadataOf(
  index: PackageUniverse['indexes'][number],
  os: OsRelease,
  deps: ArchiveDeps,
  signal: AbortSignal,
): Promise<Wanted[]> {
  const base = `dists/${index.suite}`;
  const path = `${base}/InRelease`;
  const sha256 = hexOf(index.inRelease);
  const bytes = await fetchHashed(index.archive, path, sha256, maxInRelease, deps, signal);
  const keyring = await loadKeyring(sourceFor(deps.config, os).keyring, deps);
  const text = await verifyClearSigned(bytes, keyring, deps.clock.now(), path);
  const hashes = new Set(index.packages.map(hexOf));
  const found: Wanted[] = [{ path, sha256, size: bytes.length }];
  for (const [name, file] of parseRelease(text).files) {
    if (hashes.has(file.sha256)) found.push({ path: `${base}/${name}`, ...file });
  }
  return found;
}

async function fetchHashed(
  archive: string,
  path: string,
  sha256: string,
  limit: number,
  deps: ArchiveDeps,
  signal: AbortSignal,
): Promise<Buffer> {
  return tryMirrors(archive, mirrorsOf(deps.config, archive), deps, signal, async (mirror) => {
    const bytes = await readBounded(await openAt(mirror, archive, path, deps, signal), limit, path);
    if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes;
    throw new RepositoryError('download_failed', `${path} changed at the mirror while the bundle was made`, {
      hint: 'Make the bundle again.',
    });
  });
}
