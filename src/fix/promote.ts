import type { Digest, ImageRepository, ManifestDocument } from '../image/index.ts';
import { hasCode } from '../kernel/index.ts';
import type { FixDeps, FixRequest } from './contract.ts';
import { FixError } from './errors.ts';
import { readOwnOrigin } from './referrers.ts';
import type { FixTask } from './task.ts';

/**
 * Points the target tag at the proven document, unless somebody else moved it meanwhile.
 * A task that died right after its tag was set finds it set and is done.
 * @throws FixError `target_moved`, `tag_immutable`
 */
export async function promote(
  task: FixTask,
  repository: ImageRepository,
  document: ManifestDocument,
  signal: AbortSignal,
): Promise<void> {
  const { tag } = task.record.target;
  const now = await repository.resolveTag(tag, signal);
  if (now === document.digest) return;
  if ((now ?? null) !== task.record.tagBefore) throw moved(tag, now);
  signal.throwIfAborted();
  // From here on a cancellation comes too late: the tag may be set already.
  const uninterrupted = new AbortController().signal;
  await task.effect('tag-moved', async () => {
    try {
      await repository.putTag(tag, document, uninterrupted);
    } catch (error) {
      if (!hasCode(error, 'tag_immutable')) throw error;
      throw new FixError('tag_immutable', `the registry does not let the tag ${tag} be moved`, { cause: error });
    }
  });
  const after = await repository.resolveTag(tag, uninterrupted);
  if (after !== document.digest) throw moved(tag, after);
}

function moved(tag: string, now: Digest | undefined): FixError {
  return new FixError('target_moved', `the tag ${tag} was changed by somebody else (now ${now ?? 'absent'})`, {
    hint: 'choose another tag, or allow it to be moved with --overwrite',
  });
}

/**
 * Whether the tag may be set at the end; asked before anything is fetched, so that nobody waits for a refusal.
 * @throws FixError `tag_immutable` under the overwrite policy
 */
export async function checkOverwrite(
  tag: string,
  existing: Digest | null,
  request: Pick<FixRequest, 'overwrite'>,
  repository: ImageRepository,
  deps: Pick<FixDeps, 'journal' | 'signer'>,
  signal: AbortSignal,
): Promise<void> {
  if (existing === null || request.overwrite === 'always') return;
  if (request.overwrite === 'ours') {
    const own =
      (await deps.journal.ownResult(existing)) ?? (await readOwnOrigin(repository, existing, deps.signer, signal));
    if (own) return;
    throw new FixError('tag_immutable', `the tag ${tag} exists and does not point at a result of this engine`, {
      hint: 'choose another tag, or use --overwrite always',
    });
  }
  throw new FixError('tag_immutable', `the tag ${tag} exists already`, {
    hint: 'choose another tag, or use --overwrite ours (a result of Drydock) or always',
  });
}
