import type { BlobStore, FileEntry } from '../../../../image/index.ts';
import { mapLimit, type Progress } from '../../../../kernel/index.ts';
import type { Rejection } from '../../../fix-contract.ts';
import type { DebReader } from '../../deb/contract.ts';
import { isChangelog } from '../changelog.ts';
import type { ApplyContext } from './context.ts';
import { discardSpools } from './emit.ts';
import type { ImageState } from './image-state.ts';
import { ownIn } from './overrides.ts';
import { type PackageContents, readPackagePayload } from './package-contents.ts';
import { rejectionOf } from './rejections.ts';

/** What applying packages needs besides the plan and the image. */
export interface ApplyDeps {
  readonly blobs: BlobStore;
  readonly deb: DebReader;
}

/** Payloads read at the same time: while one is unpacked in a thread, another one is hashed and stored. */
const parallelPayloads = 3;

/** A package whose control archive was read, but not its payload. */
export type StartedPackage = Omit<PackageContents, 'entries' | 'kept' | 'spool'>;

/** Reads all payloads, in the order of the plan; what was spooled is removed when one fails for good. */
export async function readPayloads(
  started: readonly StartedPackage[],
  state: ImageState,
  hashes: ApplyContext['hashes'],
  deps: ApplyDeps,
  signal: AbortSignal,
  progress: Progress,
): Promise<readonly (PackageContents | Rejection)[]> {
  const finished: PackageContents[] = [];
  let done = 0;
  const read = async (one: StartedPackage): Promise<PackageContents | Rejection> => {
    try {
      const contents = { ...one, ...(await readPayload(one, state, hashes, deps, signal)) };
      finished.push(contents);
      return contents;
    } catch (error) {
      return rejectionOf(error, one.upgrade.name);
    } finally {
      progress({ kind: 'progress', step: 'apply', done: ++done, total: started.length, unit: 'items' });
    }
  };
  try {
    return await mapLimit(started, parallelPayloads, read);
  } catch (error) {
    await discardSpools(finished);
    throw error;
  }
}

function readPayload(
  { upgrade, open }: StartedPackage,
  state: ImageState,
  hashes: ApplyContext['hashes'],
  deps: ApplyDeps,
  signal: AbortSignal,
): Promise<Pick<PackageContents, 'entries' | 'kept' | 'spool'>> {
  const unchanged = (entry: FileEntry, sha256: string): boolean => {
    const target = state.paths.target(upgrade.name, entry.path);
    const existing = target === undefined ? undefined : state.view.entry(target);
    const same = existing?.mode === entry.mode && existing.uid === entry.uid && existing.gid === entry.gid;
    return same && target !== undefined && hashes.get(target)?.sha256 === sha256;
  };
  const keep = (path: string): boolean => isChangelog(path) || path.startsWith('usr/share/ca-certificates/');
  return readPackagePayload(open, { ...deps, unchanged, keep, own: ownIn(state.accounts) }, signal);
}
