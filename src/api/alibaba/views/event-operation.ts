import { isJsonObject, type JsonValue } from '../../../kernel/index.ts';
import type { DecisionCondition, DecisionRule, DecisionScope } from '../../../service/index.ts';
import type { ActionContext } from '../action.ts';
import { invalid } from '../errors.ts';

/** Conditions on the wire, and what they ask of a file. */
export const conditionFields: Readonly<Record<string, DecisionCondition['field']>> = { MD5: 'md5', PATH: 'path' };

/** How conditions compare. */
export const conditionTypes: readonly DecisionCondition['op'][] = ['equals', 'prefix', 'contains'];

/** Reads `Conditions`, an array of `{condition, type, value}`. @throws RpcError `InvalidConditions` */
export function conditionsOf(document: JsonValue): readonly DecisionCondition[] {
  if (!Array.isArray(document) || document.length === 0 || document.length > 20) throw invalid('Conditions');
  return document.map((entry: JsonValue) => {
    const { condition, type, value } = isJsonObject(entry) ? entry : {};
    const field = typeof condition === 'string' ? conditionFields[condition.toUpperCase()] : undefined;
    const op = conditionTypes.find((known) => known === type);
    if (field === undefined || op === undefined || typeof value !== 'string') throw invalid('Conditions');
    if (value === '' || value.length > 4096) throw invalid('Conditions');
    return { field, op, value: field === 'md5' ? value.toLowerCase() : value };
  });
}

/** Reads `Scenarios`, `{type: "repo", value: "ns/repo"}`; absent = everywhere. @throws RpcError `InvalidScenarios` */
export function scenarioOf(document: JsonValue | undefined): DecisionScope {
  if (document === undefined) return { kind: 'global' };
  const { type, value } = isJsonObject(document) ? document : {};
  if (type !== 'repo' || typeof value !== 'string') throw invalid('Scenarios');
  const paths = value.split(',').map((path) => path.trim());
  if (paths.some((path) => path === '' || path.length > 512) || paths.length > 1000) throw invalid('Scenarios');
  return { kind: 'repositories', paths };
}

/** A rule as these operations show it. */
export function eventOperation(rule: DecisionRule): Readonly<Record<string, unknown>> {
  const conditions = (rule.conditions ?? []).map(({ field, op, value }) => {
    const condition = Object.keys(conditionFields).find((name) => conditionFields[name] === field);
    return { condition, type: op, value };
  });
  return {
    Conditions: JSON.stringify(conditions),
    EventKey: rule.vulnerabilities.join(','),
    EventName: rule.title ?? rule.vulnerabilities.join(','),
    EventType: 'sensitiveFile',
    Id: rule.id,
    OperationCode: 'whitelist',
    // Other scopes are made elsewhere; this API has no words for them.
    ...(rule.scope.kind === 'repositories' && {
      Scenarios: JSON.stringify({ type: 'repo', value: rule.scope.paths.join(',') }),
    }),
  };
}

/** What only reading operations tell. */
export function eventNotes(rule: DecisionRule): Readonly<Record<string, unknown>> {
  return { Note: rule.reason, Source: 'default' };
}

/** A rule on sensitive files by its id. @throws RpcError `InvalidId` for others and unknown ones alike */
export async function eventRule(
  id: number,
  { services, call }: Pick<ActionContext, 'services' | 'call'>,
): Promise<DecisionRule> {
  const rule = await services.decisions.get(call, id);
  if (rule?.kind !== 'sensitive') throw invalid('Id');
  return rule;
}
