import type { CheckSet } from '../contract.ts';

/** Accounts and passwords (risks.md §2.4). */
export const accountChecks: CheckSet = { group: 'ID', readers: [], checks: [] };
