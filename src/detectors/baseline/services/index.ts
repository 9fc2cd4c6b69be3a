import type { CheckSet } from '../contract.ts';

/** Services without authentication (risks.md §2.7). */
export const serviceChecks: CheckSet = { group: 'SV', readers: [], checks: [] };
