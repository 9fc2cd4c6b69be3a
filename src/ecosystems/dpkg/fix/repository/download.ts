import type { BlobStore, Digest } from '../../../../image/index.ts';
import { hasCode, mapLimit, messageOf, type Progress } from '../../../../kernel/index.ts';
import type { Rejection, Upgrade } from '../../../fix-contract.ts';
import type { DebReader } from '../../deb/contract.ts';
import { fieldOf, readStanzas } from '../stanza.ts';
import { mirrorsOf, type RepositoryConfig } from './config.ts';
import { RepositoryError } from './errors.ts';
import { type MirrorAccess, openAt, tryMirrors } from './mirrors.ts';
import { checkArchivePath } from './paths.ts';

/** What fetching packages needs of the outside. */
export interface DownloadDeps extends MirrorAccess {
  readonly config: RepositoryConfig;
  readonly blobs: BlobStore;
  readonly reader: Pick<DebReader, 'readControl'>;
}

const parallelDownloads = 8;

/**
 * Puts packages into the blob store; those that are there already are not fetched again. Each is bound by size and
 * SHA-256 to the signed index, and its own control file must name the planned package.
 * @returns packages that are listed but missing, short or wrong at every mirror (holes, fix-engine.md §6.7).
 * @throws RepositoryError `mirror_unavailable` when no mirror of an archive can be reached.
 */
export async function downloadPackages(
  upgrades: readonly Upgrade[],
  deps: DownloadDeps,
  signal: AbortSignal,
  progress: Progress,
): Promise<readonly Rejection[]> {
  const total = upgrades.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const report = (): void => progress({ kind: 'progress', step: 'download', done, total, unit: 'bytes' });
  const results = await mapLimit(upgrades, parallelDownloads, async (upgrade) => {
    try {
      const digest: Digest = `sha256:${upgrade.sha256}`;
      if ((await deps.blobs.size(digest)) !== upgrade.size) await download(upgrade, digest, deps, signal);
      await checkControl(upgrade, digest, deps, signal);
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      return rejectionOf(upgrade, error);
    } finally {
      done += upgrade.size;
      report();
    }
  });
  return results.filter((result) => result !== undefined);
}

async function download(upgrade: Upgrade, digest: Digest, deps: DownloadDeps, signal: AbortSignal): Promise<void> {
  const path = checkArchivePath(upgrade.path, `the path of ${upgrade.name}`);
  const mirrors = mirrorsOf(deps.config, upgrade.archive);
  await tryMirrors(upgrade.archive, mirrors, deps, signal, async (mirror) => {
    const content = await openAt(mirror, upgrade.archive, path, deps, signal);
    try {
      await deps.blobs.put(content, { digest, size: upgrade.size }, signal);
    } catch (cause) {
      if (!hasCode(cause, 'digest_mismatch')) throw cause;
      throw new RepositoryError('download_failed', `${path} is not the file that the signed index lists`, { cause });
    }
  });
}

async function checkControl(upgrade: Upgrade, digest: Digest, deps: DownloadDeps, signal: AbortSignal): Promise<void> {
  const { files } = await deps.reader.readControl(() => deps.blobs.open(digest, signal), signal);
  const [stanza] = readStanzas(files.get('control')?.bytes ?? new Uint8Array()).stanzas;
  const wanted = [upgrade.name, upgrade.to, upgrade.arch];
  const found = ['package', 'version', 'architecture'].map((field) => fieldOf(stanza ?? { fields: [] }, field));
  if (wanted.some((value, index) => value !== found[index])) {
    throw new RepositoryError('download_failed', `the package file says to be ${found.join(' ')}`);
  }
}

/** Distrust and damage concern one package; a mirror that cannot be reached concerns the task. */
function rejectionOf(upgrade: Upgrade, error: unknown): Rejection {
  const gone = hasCode(error, 'mirror_unavailable') || hasCode(error, 'invalid_configuration');
  const known = ['download_failed', 'limit_exceeded', 'metadata_untrusted', 'invalid_package', 'too_large'].some(
    (code) => hasCode(error, code),
  );
  if (gone || !known) throw error;
  const detail = `${upgrade.name} ${upgrade.to}: ${messageOf(error)}`;
  return { package: upgrade.name, outcome: 'download_failed', detail };
}
