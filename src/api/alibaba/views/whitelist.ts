import { isJsonObject, type JsonValue } from '../../../kernel/index.ts';
import type { DecisionRule, DecisionScope } from '../../../service/index.ts';
import type { ActionContext } from '../action.ts';
import { invalid } from '../errors.ts';
import { lowerFirst } from '../protocol/strict-json.ts';
import { allRows } from './all-pages.ts';
import { repositoriesOf, repositoryTarget } from './repository-target.ts';

/** What decisions made through this API name as their source. */
export const decisionSource = 'alibaba';

/** A vulnerability to accept. */
export interface WhitelistEntry {
  readonly name: string;
  readonly kind: 'cve' | 'sca' | null;
  readonly title: string | null;
}

/** Reads `Whitelist`, an array of `{Type, Name, AliasName}`. @throws RpcError `InvalidWhitelist` */
export function whitelistEntries(document: JsonValue, fallback: 'cve' | 'sca' | undefined): readonly WhitelistEntry[] {
  const entries = Array.isArray(document) ? (document as readonly JsonValue[]) : [document];
  if (entries.length === 0 || entries.length > 1000) throw invalid('Whitelist');
  return entries.map((entry) => {
    const { type = fallback, name, aliasName } = (isJsonObject(entry) ? lowerFirst(entry) : undefined) ?? {};
    if (typeof name !== 'string' || name === '' || name.length > 512) throw invalid('Whitelist');
    if (type !== undefined && type !== 'cve' && type !== 'sca') throw invalid('Whitelist');
    if (aliasName !== undefined && (typeof aliasName !== 'string' || aliasName.length > 2048))
      throw invalid('Whitelist');
    return { name, kind: type ?? null, title: aliasName ?? null };
  });
}

/** Where a `Target` document applies; absent = everywhere. @throws RpcError `InvalidTarget` */
export function scopeOf(target: JsonValue | undefined): DecisionScope {
  if (target === undefined) return { kind: 'global' };
  const paths = repositoriesOf(target, 'Target');
  // A list without members would otherwise accept the vulnerability everywhere.
  if (paths.length === 0) throw invalid('Target');
  return { kind: 'repositories', paths };
}

/** A scope as `Target` shows it; decisions for everywhere have none, and kinds that this API cannot set are named. */
export function targetOf(scope: DecisionScope): string | undefined {
  switch (scope.kind) {
    case 'global':
      return undefined;
    case 'repositories':
      return repositoryTarget(scope.paths);
    case 'registries':
      return JSON.stringify({ type: 'registry', target: scope.ids });
    case 'registryKinds':
      return JSON.stringify({ type: 'registryKind', target: scope.kinds });
    case 'images':
      return JSON.stringify({ type: 'image', target: scope.uuids });
    case 'packages':
      return JSON.stringify({ type: 'package', target: scope.names });
    case 'products':
      return JSON.stringify({ type: 'product', target: [...(scope.digest ? [scope.digest] : []), ...scope.purls] });
  }
}

/** An entry of the white list by its id; other decisions and unknown ids are alike. */
export async function whitelistRule(
  id: number,
  { services, call }: Pick<ActionContext, 'services' | 'call'>,
): Promise<DecisionRule | null> {
  const rule = await services.decisions.get(call, id);
  return rule?.kind === 'whitelist' ? rule : null;
}

/** Projects that a new decision is for: all, or one decision for each that the caller may change. */
export function decisionProjects({ call }: Pick<ActionContext, 'call'>): readonly (number | null)[] {
  return call.projects === 'all' ? [null] : call.projects;
}

/** A decision of a kind that says exactly this already, so that repeating a call adds nothing. */
export async function existingDecision(
  wanted: {
    readonly kind: DecisionRule['kind'];
    readonly vulnerability: string;
    readonly findingKind: DecisionRule['findingKind'];
    readonly scope: DecisionScope;
    readonly projectId: number | null;
  },
  { services, call }: Pick<ActionContext, 'services' | 'call'>,
): Promise<DecisionRule | undefined> {
  const { kind, vulnerability, scope, findingKind, projectId } = wanted;
  const rules = await allRows((page) => services.decisions.page(call, { kind, text: vulnerability, page }));
  return rules.find(
    (rule) =>
      rule.vulnerabilities.length === 1 &&
      // Ids of CVEs are kept in capitals, however they were written.
      rule.vulnerabilities[0]?.toUpperCase() === vulnerability.trim().toUpperCase() &&
      rule.findingKind === findingKind &&
      rule.projectId === projectId &&
      rule.expiresAt === null &&
      isSameScope(rule.scope, scope),
  );
}

function isSameScope(a: DecisionScope, b: DecisionScope): boolean {
  const sorted = (scope: DecisionScope): string =>
    JSON.stringify(scope, (_key, value: unknown) => (Array.isArray(value) ? [...value].sort() : value));
  return sorted(a) === sorted(b);
}
