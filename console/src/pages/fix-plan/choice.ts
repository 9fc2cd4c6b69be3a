import type { Schema } from '../../api/client.ts';

type Upgrade = Schema<'PlannedUpgrade'>;

/** Vulnerabilities that the user took away from what was planned. */
export type LeftOut = ReadonlySet<string>;

/** How much of an upgrade is chosen. */
export function choiceOf({ fixes }: Pick<Upgrade, 'fixes'>, leftOut: LeftOut): 'all' | 'some' | 'none' {
  const out = fixes.filter((id) => leftOut.has(id)).length;
  return out === 0 ? 'all' : out === fixes.length ? 'none' : 'some';
}

/** Takes vulnerabilities away, or gives them back. */
export function withChoice(leftOut: LeftOut, ids: readonly string[], chosen: boolean): LeftOut {
  const next = new Set(leftOut);
  for (const id of ids) {
    if (chosen) next.delete(id);
    else next.add(id);
  }
  return next;
}

/** The requested vulnerabilities that remain chosen. */
export function remaining(requested: readonly string[], leftOut: LeftOut): readonly string[] {
  return requested.filter((id) => !leftOut.has(id));
}
