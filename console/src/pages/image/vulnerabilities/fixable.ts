import type { Schema } from '../../../api/client.ts';

type Finding = Schema<'Finding'>;

/** Whether an order to fix takes it: a system package with a published fix, nothing decided. */
export function canFix({ vulnerability: { kind, fixable }, handled }: Finding): boolean {
  return kind === 'cve' && fixable && handled === null;
}

/** Records of findings that an order to fix takes, each once; the server refuses an order that names others. */
export function fixableOf(rows: readonly Finding[]): readonly number[] {
  return [...new Set(rows.filter(canFix).map(({ recordId }) => recordId))];
}
