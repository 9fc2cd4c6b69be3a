import type { CheckSet } from '../contract.ts';

/** Trust in packages (risks.md §2.8). */
export const packageChecks: CheckSet = { group: 'PK', readers: [], checks: [] };
