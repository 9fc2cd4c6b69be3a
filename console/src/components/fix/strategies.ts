import type { Schema } from '../../api/client.ts';

/** What is done where not everything can be fixed. */
export type FixStrategy = NonNullable<Schema<'FixOrderInput'>['strategy']>;

/** Strategies in the order they are shown. */
export const fixStrategies = ['best-effort', 'all-or-nothing'] as const satisfies readonly FixStrategy[];
