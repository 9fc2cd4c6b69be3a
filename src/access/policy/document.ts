import { isJsonObject, type JsonValue } from '../../kernel/index.ts';
import type { PolicyStatement } from '../contract.ts';
import { AccessError } from '../errors.ts';

const maxStatements = 100;
const maxActions = 500;
const actionShape = /^[A-Za-z0-9*][A-Za-z0-9*:._-]{0,127}$/;

/**
 * Statements of a policy document, in our own shape (`{ statements: [{ effect, actions }] }`) or in that of the
 * Alibaba policy language (`{ Version: "1", Statement: [{ Effect, Action, Resource: "*" }] }`). What Drydock could not
 * enforce (conditions, resources, exceptions) is refused: leaving it out would allow more than the author wrote.
 * @throws AccessError `invalid_access_input`
 */
export function parsePolicyDocument(document: unknown): PolicyStatement[] {
  if (!isJsonObject(document as JsonValue)) throw invalid('A policy is a JSON object.');
  const fields = document as Readonly<Record<string, unknown>>;
  const foreign = 'Statement' in fields;
  allowOnly(fields, foreign ? ['Version', 'Statement'] : ['statements']);
  if (foreign && fields.Version !== undefined && fields.Version !== '1') throw invalid('Version must be "1".');
  const list = foreign ? fields.Statement : fields.statements;
  const statements = foreign && isJsonObject(list as JsonValue) ? [list] : list;
  if (!Array.isArray(statements) || statements.length === 0) throw invalid('A policy needs a list of statements.');
  if (statements.length > maxStatements) throw invalid(`A policy has at most ${maxStatements} statements.`);
  return statements.map((statement) => (foreign ? foreignStatement(statement) : ownStatement(statement)));
}

function ownStatement(statement: unknown): PolicyStatement {
  const fields = objectOf(statement);
  allowOnly(fields, ['effect', 'actions']);
  return { effect: effectOf(fields.effect), actions: actionsOf(fields.actions) };
}

function foreignStatement(statement: unknown): PolicyStatement {
  const fields = objectOf(statement);
  allowOnly(fields, ['Effect', 'Action', 'Resource']);
  const resources = [fields.Resource ?? '*'].flat();
  if (resources.length !== 1 || resources[0] !== '*') {
    throw invalid('Resource must be "*".', 'Grant the policy for some projects instead.');
  }
  return { effect: effectOf(fields.Effect), actions: actionsOf(fields.Action) };
}

function effectOf(value: unknown): PolicyStatement['effect'] {
  if (value === 'Allow' || value === 'Deny') return value;
  throw invalid('The effect of a statement is "Allow" or "Deny".');
}

function actionsOf(value: unknown): string[] {
  const actions = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(actions) || actions.length === 0 || actions.length > maxActions) {
    throw invalid(`A statement names 1 to ${maxActions} actions.`);
  }
  return actions.map((action) => {
    if (typeof action === 'string' && actionShape.test(action)) return action;
    throw invalid('An action is like "yundun-sas:Describe*", "hss:vuls:list" or "drydock:finding:read".');
  });
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (isJsonObject(value as JsonValue)) return value as Readonly<Record<string, unknown>>;
  throw invalid('A statement is a JSON object.');
}

function allowOnly(fields: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const strange = Object.keys(fields).find((name) => !known.includes(name));
  if (strange !== undefined) {
    throw invalid(`Policies cannot have ${JSON.stringify(strange.slice(0, 40))}.`, `Known: ${known.join(', ')}.`);
  }
}

function invalid(message: string, hint?: string): AccessError {
  return new AccessError('invalid_access_input', message, { field: 'policy', ...(hint === undefined ? {} : { hint }) });
}
