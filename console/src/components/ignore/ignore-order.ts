import type { Schema } from '../../api/client.ts';

type Order = Schema<'NewDecisionInput'>;

/** What a decision is about; vulnerabilities unless said otherwise. */
export type IgnoreKind = NonNullable<Order['kind']>;

/** What is to be ignored. */
export interface IgnoreSubject {
  readonly kind: IgnoreKind;
  /** Ids or keys of vulnerabilities, items of checks, rules; empty = all of the scope. */
  readonly vulnerabilities: readonly string[];
  readonly findingKind: 'cve' | 'sca' | null;
}

/** Where a decision holds. */
export const ignoreReaches = ['global', 'project', 'registry', 'repository', 'image', 'package'] as const;
export type IgnoreReach = (typeof ignoreReaches)[number];

/** When a decision ends. */
export type IgnoreEnd = 'date' | 'fix' | 'never';

/** What the user has chosen so far. */
export interface IgnoreDraft {
  readonly reach: IgnoreReach;
  /** Null = all projects. */
  readonly projectId: number | null;
  readonly registryId: number | null;
  readonly repositories: readonly string[];
  readonly image: string | null;
  readonly packages: readonly string[];
  readonly reason: string;
  readonly end: IgnoreEnd;
  /** `2026-12-31`, the last day, in the zone of the user. */
  readonly lastDay: string;
  /** Of other findings than vulnerabilities. */
  readonly verdict: NonNullable<Order['verdict']>;
}

/** Whether a decision is about other findings than vulnerabilities: it knows no packages and no fixes. */
export function isOfRisks(kind: IgnoreKind): boolean {
  return kind !== 'ignore' && kind !== 'whitelist';
}

/** Places that a decision on a subject can be limited to; on everything it has to be limited. */
export function reachesOf(subject: IgnoreSubject, hasImage: boolean): readonly IgnoreReach[] {
  return ignoreReaches.filter((reach) => {
    if (reach === 'image') return hasImage;
    if (reach === 'package') return !isOfRisks(subject.kind);
    return subject.vulnerabilities.length > 0 || (reach !== 'global' && reach !== 'project');
  });
}

function scopeOf(draft: IgnoreDraft): Order['scope'] | null {
  const { reach, registryId, repositories, image, packages, projectId } = draft;
  switch (reach) {
    case 'global':
      return { kind: 'global' };
    case 'project':
      return projectId === null ? null : { kind: 'global' };
    case 'registry':
      return registryId === null ? null : { kind: 'registries', ids: [registryId] };
    case 'repository':
      return repositories.length === 0 ? null : { kind: 'repositories', paths: [...repositories] };
    case 'image':
      return image === null ? null : { kind: 'images', uuids: [image] };
    case 'package':
      return packages.length === 0 ? null : { kind: 'packages', names: [...packages] };
  }
}

/** The last moment of a day in the zone of the user; null = no such day. */
export function endOfDay(day: string): string | null {
  const end = new Date(`${day}T23:59:59`);
  return Number.isNaN(end.getTime()) ? null : end.toISOString();
}

/** The decision as the server takes it, but for its reason; null = something is missing yet. */
export function orderOf(subject: IgnoreSubject, draft: IgnoreDraft): Omit<Order, 'reason'> | null {
  const scope = scopeOf(draft);
  const expiresAt = draft.end === 'date' ? endOfDay(draft.lastDay) : null;
  if (scope === null || (draft.end === 'date' && expiresAt === null)) return null;
  const ofRisks = isOfRisks(subject.kind);
  return {
    kind: subject.kind,
    projectId: draft.projectId,
    vulnerabilities: [...subject.vulnerabilities],
    findingKind: ofRisks ? null : subject.findingKind,
    scope,
    expiresAt,
    expiresWhen: draft.end === 'fix' && !ofRisks ? 'any_fix' : 'none',
    ...(ofRisks ? { verdict: draft.verdict } : {}),
  };
}

/** A day some days from now, as a field for dates writes it. */
export function dayFromNow(days: number, now = new Date()): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
