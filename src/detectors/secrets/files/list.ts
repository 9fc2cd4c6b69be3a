import type { FileRule } from '../contract.ts';

/** Rules that look at files of certain names or with certain first bytes. */
export const fileRules: readonly FileRule[] = [];
