import type { Kysely, Transaction } from 'kysely';
import type { EstateRule, RuleFields, RuleStore, StoredRule } from '../../../findings/index.ts';
import type { Db } from '../contract.ts';
import { takeIds } from '../ids.ts';
import type { Tables } from '../tables.ts';
import { appendEvents, type NewEvent } from '../work/outbox.ts';
import { inLists } from './chunks.ts';
import { overdueRules } from './overdue-rules.ts';
import { raise } from './revisions.ts';
import { listRules, ruleHistory } from './rule-lists.ts';
import { readRules, scopeValues } from './rule-rows.ts';

type Trx = Kysely<Tables>;

/** Decisions as rows of SQL. */
export function createRuleStore(db: Db): RuleStore & { rules(): Promise<readonly EstateRule[]> } {
  return {
    addRule: (fields, by) => db.transaction((trx) => addRule(trx, fields, by)),
    changeRule: (id, change, at, by) => db.transaction((trx) => changeRule(trx, id, change, at, by)),
    endRules: (ids, how, at, by) => db.transaction((trx) => endRules(db, trx, ids, how, at, by)),
    rule: async (id) => (await readRules(db.kysely, [id]))[0] ?? null,
    rulesByIds: (ids) => readRules(db.kysely, ids),
    listRules: (query) => listRules(db.kysely, query),
    ruleHistory: (query) => ruleHistory(db.kysely, query),
    overdueRules: (now) => overdueRules(db.kysely, now),
    async rules() {
      const open = db.kysely.selectFrom('rule').select('id').where('ended_at', 'is', null);
      const ids = await open.orderBy('id').execute();
      return readRules(
        db.kysely,
        ids.map(({ id }) => id),
      );
    },
  };
}

async function addRule(trx: Trx, fields: RuleFields, by: string): Promise<StoredRule> {
  await raise(trx, 'rules');
  const id = await takeIds(trx, 'rule', 1);
  await trx
    .insertInto('rule')
    .values({
      id,
      kind: fields.kind,
      project_id: fields.projectId,
      finding_kind: fields.findingKind,
      scope: fields.scope.kind,
      reason: fields.reason,
      author: fields.by,
      source: fields.source,
      title: fields.title,
      created_at: fields.createdAt,
      updated_at: fields.createdAt,
      expires_at: fields.expiresAt,
      expires_when: fields.expiresWhen,
      verdict: fields.verdict ?? null,
      conditions: fields.conditions === undefined ? null : JSON.stringify(fields.conditions),
    })
    .execute();
  await addTargets(trx, id, 'vulnerability', fields.vulnerabilities);
  await addTargets(trx, id, 'scope', scopeValues(fields.scope));
  return remember(trx, id, 'added', fields.createdAt, by);
}

async function changeRule(
  trx: Trx,
  id: number,
  change: Parameters<RuleStore['changeRule']>[1],
  at: number,
  by: string,
): Promise<StoredRule | null> {
  await raise(trx, 'rules');
  const { reason, scope, expiresAt, expiresWhen, conditions } = change;
  const { numUpdatedRows } = await trx
    .updateTable('rule')
    .set({
      updated_at: at,
      ...(reason !== undefined && { reason }),
      ...(expiresAt !== undefined && { expires_at: expiresAt }),
      ...(expiresWhen !== undefined && { expires_when: expiresWhen }),
      ...(scope !== undefined && { scope: scope.kind }),
      ...(conditions !== undefined && { conditions: JSON.stringify(conditions) }),
    })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return null;
  if (scope !== undefined) {
    await trx.deleteFrom('rule_target').where('rule_id', '=', id).where('part', '=', 'scope').execute();
    await addTargets(trx, id, 'scope', scopeValues(scope));
  }
  return remember(trx, id, 'updated', at, by);
}

/** Vulnerabilities of a decision that an event names. */
const mostNamed = 20;

async function endRules(
  db: Db,
  trx: Transaction<Tables>,
  ids: readonly number[],
  how: 'revoked' | 'expired',
  at: number,
  by: string,
): Promise<readonly number[]> {
  await raise(trx, 'rules');
  const ended: number[] = [];
  for (const chunk of inLists(new Set(ids))) {
    const rows = await trx
      .updateTable('rule')
      .set({ ended_at: at, ended: how, updated_at: at })
      .where('id', 'in', chunk)
      .where('ended_at', 'is', null)
      .returning('id')
      .execute();
    for (const { id } of rows) ended.push(id);
  }
  const events: NewEvent[] = [];
  for (const id of ended) {
    const { projectId, vulnerabilities, reason, expiresAt, expiresWhen } = await remember(trx, id, how, at, by);
    const payload = {
      decision: id,
      vulnerabilities: vulnerabilities.slice(0, mostNamed),
      reason,
      expiresAt,
      expiresWhen,
    };
    events.push({ at, topic: 'decision.expired', projectId, payload });
  }
  if (how === 'expired') await appendEvents(trx, db.dialect, events);
  return ended.sort((a, b) => a - b);
}

async function addTargets(
  trx: Trx,
  id: number,
  part: 'vulnerability' | 'scope',
  values: readonly string[],
): Promise<void> {
  const rows = [...new Set(values)].map((value) => ({ rule_id: id, part, value }));
  for (let at = 0; at < rows.length; at += 500) {
    await trx
      .insertInto('rule_target')
      .values(rows.slice(at, at + 500))
      .execute();
  }
}

/** Keeps the rule as it is after a change. */
async function remember(trx: Trx, id: number, change: string, at: number, by: string): Promise<StoredRule> {
  const [rule] = await readRules(trx, [id]);
  if (rule === undefined) throw new RangeError(`no rule ${id}`);
  const entry = await takeIds(trx, 'rule_change', 1);
  await trx
    .insertInto('rule_change')
    .values({ id: entry, rule_id: id, change, at, author: by, rule: JSON.stringify(rule) })
    .execute();
  return rule;
}
