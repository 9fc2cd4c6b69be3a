import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CodedError, messageOf } from '../../../../kernel/index.ts';
import { type BundleIndex, openBundleFile } from './bundle.ts';
import { type BundleMirror, checkBase, type Mirror, mirrorHint } from './config.ts';
import { RepositoryError } from './errors.ts';
import type { LocalFiles } from './files.ts';
import type { HttpClient } from './http.ts';
import { archiveUrl } from './paths.ts';

/** What reading from mirrors needs of the outside. */
export interface MirrorAccess {
  readonly http: HttpClient;
  readonly files: LocalFiles;
  /** Waits between two attempts, in milliseconds; ends early with the signal's reason. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** The verified table of a bundle; called once per bundle and remembered. */
  readonly bundle: (mirror: BundleMirror, signal: AbortSignal) => Promise<BundleIndex>;
}

const attemptsPerMirror = 3;
const firstPause = 500;

/**
 * Opens a checked path of an archive at one mirror.
 * @throws RepositoryError `download_failed` when it has no such file, `mirror_unavailable`
 */
export async function openAt(
  mirror: Mirror,
  archive: string,
  path: string,
  access: MirrorAccess,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  if ('bundle' in mirror) {
    const bundle = await access.bundle(mirror, signal);
    return openBundleFile(bundle, mirror, archive, path, access.files, signal);
  }
  const base = checkBase(mirror.base, 'the base of a mirror');
  if (!base.startsWith('file:')) return access.http.get(mirror, archiveUrl(base, path), signal);
  const content = await access.files.open(join(fileURLToPath(base), path), signal);
  if (content !== undefined) return content;
  throw new RepositoryError('download_failed', `the mirror directory holds no ${path}`);
}

/**
 * Runs `attempt` with the mirrors of an archive in order until one succeeds: each is tried again, with growing
 * pauses, while its failure may pass. `attempt` must read everything, so that a broken body counts as a failure too.
 * @throws the error of the last mirror; one that speaks of content (`metadata_untrusted` …) is preferred over one
 * that speaks of reachability.
 */
export async function tryMirrors<T>(
  archive: string,
  mirrors: readonly Mirror[],
  access: MirrorAccess,
  signal: AbortSignal,
  attempt: (mirror: Mirror) => Promise<T>,
): Promise<T> {
  let failure: RepositoryError | undefined;
  for (const mirror of mirrors) {
    for (let round = 0; round < attemptsPerMirror; round++) {
      if (round > 0) await access.sleep(firstPause * 2 ** (round - 1), signal);
      try {
        return await attempt(mirror);
      } catch (error) {
        signal.throwIfAborted();
        // Trouble on this side, such as a full disk, is not cured by another mirror.
        if (error instanceof CodedError && !(error instanceof RepositoryError)) throw error;
        const typed = asRepositoryError(error);
        if (failure === undefined || failure.code === 'mirror_unavailable') failure = typed;
        if (!typed.retryable) break;
      }
    }
  }
  throw withHint(failure ?? new RepositoryError('mirror_unavailable', `no mirror for ${archive}`), archive);
}

function asRepositoryError(error: unknown): RepositoryError {
  if (error instanceof RepositoryError) return error;
  return new RepositoryError('mirror_unavailable', messageOf(error), { cause: error });
}

function withHint(error: RepositoryError, archive: string): RepositoryError {
  if (error.code !== 'mirror_unavailable' || error.hint !== undefined) return error;
  return new RepositoryError(error.code, error.message, {
    retryable: error.retryable,
    hint: mirrorHint(archive),
    cause: error,
  });
}
