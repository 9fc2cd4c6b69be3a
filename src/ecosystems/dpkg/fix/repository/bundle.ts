import { createHash, createPublicKey, verify } from 'node:crypto';
import { join } from 'node:path';
import { type JsonValue, parseJson } from '../../../../kernel/index.ts';
import type { BundleMirror } from './config.ts';
import { RepositoryError } from './errors.ts';
import type { LocalFiles } from './files.ts';
import type { FreshnessStore } from './freshness.ts';
import { checkArchivePath } from './paths.ts';
import { readBounded } from './read-bounded.ts';

/**
 * `bundle.json` of an offline bundle: a directory that holds, below one folder per archive, files exactly as the
 * vendor's mirror serves them. `bundle.json.sig` beside it is the operator's Ed25519 signature of its bytes, in
 * base64. The vendor's own signatures are still checked, so the operator vouches for completeness, not for content.
 */
export interface BundleManifest {
  readonly schema: 1;
  /** RFC 3339; a bundle older than one seen before is refused. */
  readonly created: string;
  readonly suites: readonly { readonly archive: string; readonly suite: string }[];
  readonly architectures: readonly string[];
  readonly files: readonly BundleFile[];
}

/** One file of a bundle. */
export interface BundleFile {
  readonly archive: string;
  /** Below the archive's base. */
  readonly path: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Built on first use, because few runs have a bundle and the library costs start-up time. */
const bundleSchema = async () => {
  const { z } = await import('zod');
  const archive = z.string().max(100);
  const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
  const file = z.object({ archive, path: z.string().max(1024), size: z.int().min(0), sha256 });
  return z.object({
    schema: z.literal(1),
    created: z.iso.datetime(),
    suites: z.array(z.object({ archive, suite: z.string().max(200) })).max(1000),
    architectures: z.array(z.string().max(64)).max(100),
    files: z.array(file).max(1_000_000),
  });
};

/** A verified table, addressable by file. */
export interface BundleIndex {
  readonly manifest: BundleManifest;
  find(archive: string, path: string): BundleFile | undefined;
}

/** Names of the table and its signature in the bundle's directory. */
export const bundleNames = { manifest: 'bundle.json', signature: 'bundle.json.sig' } as const;

const maxManifest = 256 * 1024 * 1024;
const maxSignature = 4096;

/**
 * Verifies the table of a bundle and remembers its age.
 * @throws RepositoryError `metadata_untrusted`, `metadata_stale`, `mirror_unavailable`
 */
export async function openBundle(
  mirror: BundleMirror,
  files: LocalFiles,
  freshness: FreshnessStore,
  signal: AbortSignal,
): Promise<BundleIndex> {
  const bytes = await readNamed(mirror, bundleNames.manifest, maxManifest, files, signal);
  const signature = await readNamed(mirror, bundleNames.signature, maxSignature, files, signal);
  const key = createPublicKey(mirror.publicKey);
  if (key.asymmetricKeyType !== 'ed25519' || !verify(null, bytes, key, Buffer.from(signature.toString(), 'base64'))) {
    throw untrusted('its table is not signed by the configured operator key');
  }
  const manifest = await parseManifest(bytes);
  const identity = createHash('sha256').update(mirror.publicKey).update(suitesOf(manifest)).digest('hex');
  const created = Date.parse(manifest.created);
  const newest = await freshness.newest('bundle', identity);
  if (newest !== undefined && created < newest) {
    throw new RepositoryError('metadata_stale', `the bundle of ${manifest.created} is older than one used before`, {
      hint: 'Import the newest bundle of this kind.',
    });
  }
  if (newest !== created) await freshness.remember('bundle', identity, created);
  const table = new Map(manifest.files.map((file) => [`${file.archive}\n${file.path}`, file]));
  return { manifest, find: (archive, path) => table.get(`${archive}\n${path}`) };
}

/** Where a file of an archive is inside a bundle, relative to its directory. */
export function bundlePath(archive: string, path: string): string {
  return checkArchivePath(`${archive}/${path}`, 'a file of a bundle');
}

/**
 * A file of a bundle as a stream that fails at its end when the bytes are not those of the table.
 * @throws RepositoryError `download_failed` when the bundle does not hold the file.
 */
export async function openBundleFile(
  bundle: BundleIndex,
  mirror: BundleMirror,
  archive: string,
  path: string,
  files: LocalFiles,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const entry = bundle.find(archive, path);
  const content =
    entry === undefined ? undefined : await files.open(join(mirror.bundle, bundlePath(archive, path)), signal);
  if (entry === undefined || content === undefined) {
    throw new RepositoryError('download_failed', `the bundle holds no ${path} of ${archive}`, {
      hint: 'Make a bundle that covers this release and architecture.',
    });
  }
  return checked(content, entry);
}

async function* checked(content: AsyncIterable<Uint8Array>, entry: BundleFile): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    size += chunk.length;
    if (size > entry.size) break;
    yield chunk;
  }
  if (size !== entry.size || hash.digest('hex') !== entry.sha256) {
    throw new RepositoryError('download_failed', `${entry.path} in the bundle is not the file that its table lists`);
  }
}

async function parseManifest(bytes: Buffer): Promise<BundleManifest> {
  let parsed: JsonValue;
  try {
    parsed = parseJson(bytes, { maxBytes: maxManifest, maxDepth: 8 });
  } catch (cause) {
    throw untrusted('its table is not JSON', cause);
  }
  const result = (await bundleSchema()).safeParse(parsed);
  if (!result.success) throw untrusted('its table has another shape than expected', result.error);
  return result.data;
}

function suitesOf(manifest: BundleManifest): string {
  const suites = manifest.suites.map(({ archive, suite }) => `${archive} ${suite}`);
  return [...suites, ...manifest.architectures].sort().join('\n');
}

async function readNamed(
  mirror: BundleMirror,
  name: string,
  limit: number,
  files: LocalFiles,
  signal: AbortSignal,
): Promise<Buffer> {
  const content = await files.open(join(mirror.bundle, name), signal);
  if (content !== undefined) return readBounded(content, limit, name);
  throw new RepositoryError('mirror_unavailable', `there is no ${name} in the bundle`, {
    hint: 'fix.archives.*.bundle must name the directory of an unpacked bundle.',
  });
}

function untrusted(why: string, cause?: unknown): RepositoryError {
  return new RepositoryError('metadata_untrusted', `the offline bundle cannot be used: ${why}`, { cause });
}
