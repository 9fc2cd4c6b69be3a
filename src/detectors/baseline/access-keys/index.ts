import type { CheckSet } from '../contract.ts';
import { accessKeyLeak } from './leak.ts';

/** Access keys of clouds (risks.md §2.8). */
export const accessKeyChecks: CheckSet = { group: 'AK', readers: [], checks: [accessKeyLeak] };
