import { createHash } from 'node:crypto';
import { type Digest, digestOf } from '../../../../image/index.ts';
import { hasCode } from '../../../../kernel/index.ts';
import { type Compression, decompress } from '../../deb/decompress.ts';
import { mirrorsOf, type SuiteConfig } from './config.ts';
import type { ArchiveDeps } from './deps.ts';
import { RepositoryError } from './errors.ts';
import { checkFreshness } from './freshness.ts';
import { openAt, tryMirrors } from './mirrors.ts';
import { buildPackagesIndex, openPackagesIndex, type PackagesIndex } from './packages-index.ts';
import { checkArchivePath } from './paths.ts';
import { readBounded } from './read-bounded.ts';
import { checkIdentity, parseRelease, type Release, type ReleaseFile } from './release.ts';
import { type Keyring, verifyClearSigned } from './signature.ts';

/** One suite with all configured components, verified. */
export interface OpenSuite {
  readonly config: SuiteConfig;
  readonly date: Date;
  readonly inRelease: Digest;
  readonly components: readonly { readonly name: string; readonly packages: Digest; readonly index: PackagesIndex }[];
  /** Configured components that this suite does not have for the architecture. */
  readonly absent: readonly string[];
}

interface SignedRelease {
  readonly release: Release;
  readonly digest: Digest;
}

const maxInRelease = 8 * 1024 * 1024;
const maxPackedIndex = 128 * 1024 * 1024;
const indexLimits = { bytes: 512 * 1024 * 1024, ratio: 200, ratioAfter: 64 * 1024 * 1024 };

/** In order of preference: smallest first. */
const variants: readonly { readonly suffix: string; readonly compression: Compression }[] = [
  { suffix: '.xz', compression: 'xz' },
  { suffix: '.gz', compression: 'gzip' },
  { suffix: '', compression: 'none' },
];

/**
 * Fetches and verifies a suite by the chain of fix-engine.md §6: pinned key → InRelease → index by SHA-256. When an
 * index does not match, the mirror may be in the middle of an update: the InRelease is fetched once more.
 * @throws RepositoryError
 */
export async function openSuite(
  config: SuiteConfig,
  arch: string,
  keyring: Keyring,
  deps: ArchiveDeps,
  signal: AbortSignal,
): Promise<OpenSuite> {
  checkArchivePath(config.suite, 'the suite of a source');
  for (const component of config.components) checkArchivePath(component, 'a component of a source');
  try {
    return await openOnce(config, arch, keyring, deps, signal);
  } catch (error) {
    if (!hasCode(error, 'metadata_untrusted') || !(error instanceof IndexMismatch)) throw error;
    return openOnce(config, arch, keyring, deps, signal);
  }
}

/** The only kind of distrust that a second look can cure. */
class IndexMismatch extends RepositoryError {}

async function openOnce(
  config: SuiteConfig,
  arch: string,
  keyring: Keyring,
  deps: ArchiveDeps,
  signal: AbortSignal,
): Promise<OpenSuite> {
  const { release, digest } = await fetchRelease(config, keyring, deps, signal);
  const components: { name: string; packages: Digest; index: PackagesIndex }[] = [];
  const absent: string[] = [];
  // One after the other: decompression keeps one core busy anyway, and packed indexes are held whole.
  for (const name of config.components) {
    const chosen = chooseIndex(release, name, arch);
    if (chosen === undefined) absent.push(name);
    else {
      const index = await loadIndex(config, release, chosen, deps, signal);
      components.push({ name, packages: `sha256:${chosen.file.sha256}`, index });
    }
  }
  return { config, date: release.date, inRelease: digest, components, absent };
}

async function fetchRelease(
  config: SuiteConfig,
  keyring: Keyring,
  deps: ArchiveDeps,
  signal: AbortSignal,
): Promise<SignedRelease> {
  const path = `dists/${config.suite}/InRelease`;
  const mirrors = mirrorsOf(deps.config, config.archive);
  return tryMirrors(config.archive, mirrors, deps, signal, async (mirror) => {
    const content = await openAt(mirror, config.archive, path, deps, signal);
    const bytes = await readBounded(content, maxInRelease, path);
    const now = deps.clock.now();
    const text = await verifyClearSigned(bytes, keyring, now, `${config.archive} ${path}`);
    const release = parseRelease(text);
    checkIdentity(release, config);
    await checkFreshness(release, config, now, deps.freshness);
    return { release, digest: digestOf(bytes) };
  });
}

interface ChosenIndex {
  readonly path: string;
  readonly file: ReleaseFile;
  readonly compression: Compression;
}

function chooseIndex(release: Release, component: string, arch: string): ChosenIndex | undefined {
  for (const { suffix, compression } of variants) {
    const path = `${component}/binary-${arch}/Packages${suffix}`;
    const file = release.files.get(path);
    if (file !== undefined) return { path, file, compression };
  }
  return undefined;
}

async function loadIndex(
  config: SuiteConfig,
  release: Release,
  chosen: ChosenIndex,
  deps: ArchiveDeps,
  signal: AbortSignal,
): Promise<PackagesIndex> {
  const key = `packages-1-${chosen.file.sha256}`;
  const cached = await deps.cache.get(key);
  const known = cached === undefined ? undefined : openPackagesIndex(cached);
  if (known !== undefined) return known;

  const packed = await fetchIndex(config, release, chosen, deps, signal);
  const built = await buildPackagesIndex(decompress(chosen.compression, [packed], indexLimits));
  await deps.cache.put(key, built);
  const index = openPackagesIndex(built);
  if (index === undefined) throw new Error('a package index that was just built cannot be opened');
  return index;
}

/** Size and hash are checked on the packed bytes before any of them is parsed. */
async function fetchIndex(
  config: SuiteConfig,
  release: Release,
  chosen: ChosenIndex,
  deps: ArchiveDeps,
  signal: AbortSignal,
): Promise<Buffer> {
  const { sha256, size } = chosen.file;
  if (size > maxPackedIndex) {
    throw new RepositoryError('limit_exceeded', `the index ${chosen.path} is larger than ${maxPackedIndex} bytes`);
  }
  const plain = `dists/${config.suite}/${chosen.path}`;
  const directory = plain.slice(0, plain.lastIndexOf('/'));
  const paths = release.acquireByHash ? [`${directory}/by-hash/SHA256/${sha256}`, plain] : [plain];
  const mirrors = mirrorsOf(deps.config, config.archive);
  return tryMirrors(config.archive, mirrors, deps, signal, async (mirror) => {
    const content = await openFirst(paths, (path) => openAt(mirror, config.archive, path, deps, signal));
    const bytes = await readBounded(content, size, plain).catch((error: unknown) => {
      throw hasCode(error, 'limit_exceeded') ? mismatch(plain) : error;
    });
    const actual = createHash('sha256').update(bytes).digest('hex');
    if (bytes.length !== size || actual !== sha256) throw mismatch(plain);
    return bytes;
  });
}

/** Some mirrors copy an InRelease that announces `by-hash` without having those files. */
async function openFirst<T>(paths: readonly string[], open: (path: string) => Promise<T>): Promise<T> {
  for (const path of paths.slice(0, -1)) {
    try {
      return await open(path);
    } catch (error) {
      if (!hasCode(error, 'download_failed')) throw error;
    }
  }
  return open(paths.at(-1) as string);
}

function mismatch(path: string): RepositoryError {
  return new IndexMismatch('metadata_untrusted', `${path} is not the file that the signed index lists`, {
    hint: 'The mirror may be updating: try again in some minutes, or use another mirror.',
  });
}
