import type { CheckSet } from '../contract.ts';

/** Files and privilege (risks.md §2.5). */
export const fileChecks: CheckSet = { group: 'FS', readers: [], checks: [] };
