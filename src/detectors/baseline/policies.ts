import type { BaselinePolicy } from './settings.ts';
import { defaultBaselineSettings as settings } from './settings.ts';

/** Checks that read like a linter's: `default` leaves them out. */
const lintLike: ReadonlySet<string> = new Set([
  ...['IC-007', 'IC-013', 'IC-015', 'IC-018', 'IC-022', 'IC-024', 'FS-005', 'FS-011', 'PK-002', 'PK-003'],
]);

/** The policies that need no file (risks.md §1). `strict` is another name of `full`. */
export const builtInPolicies: readonly BaselinePolicy[] = [
  { name: 'default', asks: ({ id }) => !lintLike.has(id), settings },
  { name: 'normal', asks: ({ level }) => level !== 'low', settings },
  { name: 'full', asks: () => true, settings },
  { name: 'strict', asks: () => true, settings },
];
