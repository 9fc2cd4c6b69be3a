import type { paths } from '../../api/schema.gen.ts';

/** What `GET /system` says of the queue. */
export type QueueEntry =
  paths['/api/v1/system']['get']['responses'][200]['content']['application/json']['queue'][number];

/** Work of one kind and class: how much of it there is in each state. */
export interface QueueRow {
  readonly kind: string;
  readonly class: string;
  readonly counts: Readonly<Record<string, number>>;
  /** How long the oldest that waits has been waiting, ms; null = nothing waits. */
  readonly oldestMs: number | null;
}

/** One row for each kind and class, those that wait longest first. */
export function queueRows(entries: readonly QueueEntry[]): readonly QueueRow[] {
  const rows = new Map<string, QueueRow>();
  for (const { kind, class: name, state, count, oldestMs } of entries) {
    const key = `${kind} ${name}`;
    const row = rows.get(key);
    const waits = state === 'queued' ? oldestMs : null;
    rows.set(key, {
      ...{ kind, class: name },
      counts: { ...row?.counts, [state]: (row?.counts[state] ?? 0) + count },
      oldestMs: Math.max(row?.oldestMs ?? -1, waits ?? -1) < 0 ? null : Math.max(row?.oldestMs ?? 0, waits ?? 0),
    });
  }
  return [...rows.values()].sort(
    (a, b) => (b.oldestMs ?? -1) - (a.oldestMs ?? -1) || a.kind.localeCompare(b.kind) || a.class.localeCompare(b.class),
  );
}
