import type { AdvisorySnapshot } from './contract.ts';

/**
 * Raised whenever matching learns something: the same facts may then mean other matches. It is part of the identity of a
 * snapshot, so whoever stored matches sees another snapshot after an update of the program, and matches everything anew.
 */
export const matchingVersion = 2;

const separator = '+m';

/** The identity of content as this program matches it. */
export function snapshotId(contentId: string): AdvisorySnapshot['id'] {
  return `${contentId}${separator}${matchingVersion}`;
}

/** The content of a snapshot and the version of matching; identities without one are of version 1. */
export function contentOf(id: AdvisorySnapshot['id']): { readonly content: string; readonly version: string } {
  const [content = '', version = '1'] = id.split(separator, 2);
  return { content, version };
}
