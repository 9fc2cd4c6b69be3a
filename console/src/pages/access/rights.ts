/** A statement of a policy. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
}

/** A policy that somebody has, with where. */
export interface GrantedPolicy {
  readonly policy: string;
  readonly statements: readonly Statement[];
  readonly projects: 'all' | readonly number[];
}

/** What somebody may do with one action: where, and which policies say so. */
export interface Right {
  readonly action: string;
  /** Empty = nowhere. */
  readonly projects: 'all' | readonly number[];
  readonly allowedBy: readonly string[];
  readonly deniedBy: readonly string[];
}

/** Whether a pattern in which `*` stands for any characters matches an action; case is ignored. */
export function matches(pattern: string, action: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const text = action.toLowerCase();
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return first === text;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}

function verdict(statements: readonly Statement[], action: string): Statement['effect'] | null {
  const said = statements.filter(({ actions }) => actions.some((pattern) => matches(pattern, action)));
  if (said.some(({ effect }) => effect === 'Deny')) return 'Deny';
  return said.length > 0 ? 'Allow' : null;
}

/**
 * Where a set of policies allows an action, as the server decides it: a Deny takes away the projects it was given for.
 * @param projectIds all projects, for "everywhere but there"
 */
export function rightOf(grants: readonly GrantedPolicy[], action: string, projectIds: readonly number[]): Right {
  const allowed = grants.filter(({ statements }) => verdict(statements, action) === 'Allow');
  const denied = grants.filter(({ statements }) => verdict(statements, action) === 'Deny');
  const names = (list: readonly GrantedPolicy[]): string[] => [...new Set(list.map(({ policy }) => policy))];
  const by = { action, allowedBy: names(allowed), deniedBy: names(denied) };
  if (denied.some(({ projects }) => projects === 'all')) return { ...by, projects: [] };
  const refused = new Set(denied.flatMap(({ projects }) => projects as readonly number[]));
  const everywhere = allowed.some(({ projects }) => projects === 'all');
  if (everywhere && refused.size === 0) return { ...by, projects: 'all' };
  const candidates = everywhere ? projectIds : allowed.flatMap(({ projects }) => projects as readonly number[]);
  const projects = [...new Set(candidates)].filter((id) => !refused.has(id)).sort((a, b) => a - b);
  return { ...by, projects };
}
