import type { FixState, SeverityLevel } from '../../advisories/index.ts';

/** Severities as they are stored, the harmless first: the position is the code, so that codes compare as severities do. */
export const severityLevels: readonly SeverityLevel[] = ['unknown', 'negligible', 'low', 'medium', 'high', 'critical'];

/** Fix states as they are stored: the position is the code. */
export const fixStates: readonly FixState[] = ['fixed', 'unfixed', 'will_not_fix', 'unimportant', 'end_of_life'];

/** Priorities as they are stored, the least urgent first: the position is the code. */
export const priorities = ['nntf', 'later', 'asap'] as const;

/** Kinds of findings as they are stored: the position is the code. */
export const findingKinds = ['cve', 'sca'] as const;

/** The code of a value in one of the lists above. @throws RangeError for a value that is not in it */
export function codeOf<T>(list: readonly T[], value: T): number {
  const code = list.indexOf(value);
  if (code < 0) throw new RangeError(`no code for ${String(value)}`);
  return code;
}

/** The value of a code. @throws RangeError for a code that nothing has */
export function byCode<T>(list: readonly T[], code: number): T {
  const value = list[code];
  if (value === undefined) throw new RangeError(`unknown code ${code}`);
  return value;
}
