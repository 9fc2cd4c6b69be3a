import type { EstateRevisions } from '../ports.ts';
import type { ContentPart, ImagePart, MatchPart, SetPart } from './parts.ts';
import type { RiskPart } from './risk-part.ts';
import type { RuleBook } from './rule-book.ts';

/**
 * The estate at one moment as compressed sparse arrays (data-model.md §6). Everything is numbered densely ("slots"); a
 * finding is a (image slot, match slot) pair that the arrays imply. A snapshot never changes; the next one shares what
 * has stayed the same.
 */
export interface Snapshot {
  readonly revisions: EstateRevisions;
  /** ms: rules that end before are not in force; tags are as at this time when the snapshot is pinned. */
  readonly at: number;
  readonly images: ImagePart;
  readonly contents: ContentPart;
  readonly sets: SetPart;
  readonly matches: MatchPart;
  readonly risks: RiskPart;
  readonly rules: RuleBook;
}
