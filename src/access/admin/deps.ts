import type { Sealer } from '../contract.ts';
import type { AccessStore } from '../ports.ts';

/** What administration works on. */
export interface AdminDeps {
  readonly store: AccessStore;
  readonly sealer: Sealer;
  /** ms */
  readonly now: () => number;
}
