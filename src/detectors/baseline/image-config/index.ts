import type { CheckSet } from '../contract.ts';

/** Image configuration and build history (risks.md §2.3). */
export const imageConfigChecks: CheckSet = { group: 'IC', readers: [], checks: [] };
