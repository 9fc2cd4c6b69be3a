import type { Schema } from '../../api/client.ts';
import type { RiskKind, RiskStatus } from './risk-kinds.ts';

/** A body of `POST /risks/status`. */
export interface StatusOrder {
  readonly kind: RiskKind;
  readonly status: RiskStatus;
  readonly ids?: number[];
  readonly rules?: string[];
  readonly uuids?: string[];
  readonly reason?: string;
}

/** A change of how findings stand, and what takes it back. */
export interface StatusChange {
  readonly order: StatusOrder;
  readonly undo: readonly StatusOrder[];
  /** How many findings or groups it is about. */
  readonly count: number;
}

/** Sets the status of findings of images. Taking back gives each its former one, with the reason it had. */
export function changeOfHits(hits: readonly Schema<'RiskHit'>[], status: RiskStatus, reason: string): StatusChange {
  const kind = hits[0]?.kind ?? 'baseline';
  const before = Map.groupBy(hits, (hit) => `${hit.status}\n${hit.decision?.reason ?? ''}`);
  return {
    order: { kind, status, ids: hits.map(({ id }) => id), ...(reason === '' ? {} : { reason }) },
    undo: [...before.values()].map((same) => {
      const was = same[0]?.decision?.reason;
      return {
        kind,
        status: same[0]?.status ?? 'open',
        ids: same.map(({ id }) => id),
        ...(was === undefined ? {} : { reason: was }),
      };
    }),
    count: hits.length,
  };
}

/** How decisions name a group; malicious packages have no hash, and are decided on one by one: null. */
export function ruleOf({ kind, key, ruleKey }: Pick<Schema<'RiskGroup'>, 'kind' | 'key' | 'ruleKey'>): string | null {
  if (kind !== 'malicious') return ruleKey;
  return /^[0-9a-f]{32}$/.test(key) ? `md5:${key}` : null;
}

/** Sets the status of whole groups, in some images or (`uuids` absent) in all. */
export function changeOfGroups(
  groups: readonly Schema<'RiskGroup'>[],
  status: RiskStatus,
  reason: string,
  uuids?: readonly string[],
): StatusChange {
  const kind = groups[0]?.kind ?? 'baseline';
  const scope = uuids === undefined ? {} : { uuids: [...uuids] };
  const of = (some: readonly Schema<'RiskGroup'>[]) => ({
    kind,
    rules: [...new Set(some.map(ruleOf).filter((rule) => rule !== null))],
    ...scope,
  });
  const before = Map.groupBy(groups, (group) => group.status);
  return {
    order: { ...of(groups), status, ...(reason === '' ? {} : { reason }) },
    undo: [...before].map(([was, same]) => ({
      ...of(same),
      status: was,
      ...(was === 'open' || reason === '' ? {} : { reason }),
    })),
    count: uuids?.length ?? groups.length,
  };
}
