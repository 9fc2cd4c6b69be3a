/** A member that an entry of the log shows before and after. */
export interface ChangedMember {
  readonly name: string;
  /** Undefined = it was not there. */
  readonly before: unknown;
  readonly after: unknown;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What changed between `before` and `after` of an entry, member by member; null for an entry without both. */
export function changedMembers(detail: Readonly<Record<string, unknown>>): readonly ChangedMember[] | null {
  if (!('before' in detail) || !('after' in detail)) return null;
  const { before, after } = detail;
  if (!isObject(before) || !isObject(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ name: '', before, after }];
  }
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .map((name) => ({ name, before: before[name], after: after[name] }))
    .filter((member) => JSON.stringify(member.before) !== JSON.stringify(member.after));
}

/** A value of an entry in one line; secrets were taken out before it was written. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value) ?? '';
}

/** What stands where a secret was. */
export const redacted = '[redacted]';
