import type { CheckSet } from '../contract.ts';

/** SSH, PAM and TLS (risks.md §2.6). */
export const accessChecks: CheckSet = { group: 'SH', readers: [], checks: [] };
