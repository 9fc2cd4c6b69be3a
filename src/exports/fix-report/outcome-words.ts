import type { Outcome } from '../../ecosystems/index.ts';

/** What each outcome means for a person, in the order in which they are shown. */
export const outcomeWords: Readonly<Record<Outcome, string>> = {
  fixed: 'fixed',
  not_affected: 'not affected',
  still_present: 'still present after the upgrade',
  needs_script: 'needs a package script, which is never run',
  conflict: 'cannot be installed beside the other packages',
  held: 'the package is on hold',
  fix_not_in_repository: 'announced, not in the configured repositories',
  no_fix_published: 'no fix published yet',
  end_of_life: 'the release gets no more fixes',
  download_failed: 'the package could not be downloaded',
  unsupported: 'not supported for this image',
  invalid_metadata: 'the package has invalid metadata',
  cancelled: 'cancelled',
};

/** Whether an outcome leaves nothing to do. */
export function isSettled(outcome: Outcome): boolean {
  return outcome === 'fixed' || outcome === 'not_affected';
}
