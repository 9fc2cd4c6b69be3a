import { isInForce, isRiskRule, type RuleWindow, type StoredRule } from '../../findings/index.ts';
import type { Call, DecisionRule, DecisionService, NewDecision, Page, PageRequest } from '../contract/index.ts';
import { ServiceError } from '../errors.ts';
import { inScope } from '../project-scope.ts';
import { checkedChange, checkedDecision } from './check.ts';
import type { DecisionDeps } from './contract.ts';
import { decisionFilter } from './filter.ts';
import { readDecisions, sourceOf } from './import.ts';

const longestPage = 1_000;

/** Ignores, white lists, VEX. Every change is audited, kept as history and in force with the next look at any finding. */
export function createDecisionService(deps: DecisionDeps): DecisionService {
  const { store, audit, clock } = deps;
  const now = (): number => clock.now().getTime();
  const record = async (call: Call, action: string, rule: DecisionRule): Promise<void> => {
    deps.changed?.();
    const { kind, vulnerabilities, scope, reason, expiresAt, source, projectId, verdict, conditions } = rule;
    const detail = { kind, vulnerabilities, scope, reason, expiresAt, source, verdict, conditions };
    await audit.record({ actor: call.actor, action, object: `decision:${rule.id}`, projectId, detail });
  };
  return {
    async add(call, decision) {
      const at = now();
      const { projectId: _given, ...fields } = checkedDecision(decision, at);
      const projectId = projectOf(call, decision);
      const stored = { ...fields, projectId, by: call.actor.name, createdAt: at };
      const rule = ruleOf(await store.addRule(stored, call.actor.name));
      await record(call, 'decision.add', rule);
      return rule;
    },
    async update(call, id, change) {
      const known = await store.rule(id);
      if (known === null || !mayChange(call, known) || !isOpen(known, now())) throw missing(id);
      const checked = checkedChange(change, now(), ruleOf(known).kind);
      const stored = await store.changeRule(id, checked, now(), call.actor.name);
      if (stored === null) throw missing(id);
      const rule = ruleOf(stored);
      await record(call, 'decision.update', rule);
      return rule;
    },
    async revoke(call, ids) {
      const known = await store.rulesByIds([...new Set(ids)]);
      const own = known.filter((rule) => mayChange(call, rule) && isOpen(rule, now())).map(({ id }) => id);
      if (own.length === 0) return 0;
      const ended = await store.endRules(own, 'revoked', now(), call.actor.name);
      for (const rule of await store.rulesByIds(ended)) await record(call, 'decision.revoke', ruleOf(rule));
      return ended.length;
    },
    async importDocument(call, { bytes, name, projectId, expiresAt }) {
      const { decisions, ...told } = await readDecisions(bytes, name, expiresAt);
      const at = now();
      const usable = decisions.filter((decision) => decision.expiresAt === null || decision.expiresAt > at);
      const over = decisions.length - usable.length;
      // Everything is checked before anything is changed.
      for (const decision of usable) checkedDecision(decision, at);
      const before = await this.page(call, {
        source: sourceOf(told.document),
        page: { offset: 0, limit: longestPage },
      });
      const old = before.rows.filter(({ source }) => source === sourceOf(told.document));
      const revoked = await this.revoke(
        call,
        old.map(({ id }) => id),
      );
      for (const decision of usable) await this.add(call, { ...decision, ...(projectId != null && { projectId }) });
      const skipped = over > 0 ? [...told.skipped, `${over} rules have run out`] : told.skipped;
      return { ...told, added: usable.length, revoked, skipped };
    },
    async page(call, { page, ...query }) {
      const { projects } = call;
      const found = await store.listRules({ ...query, projects, now: now(), window: windowOf(page) });
      return pageOf(found.rows.map(ruleOf), found.total, page, found.rows.at(-1)?.id);
    },
    async get(call, id) {
      const rule = await store.rule(id);
      return rule !== null && maySee(call, rule) && isOpen(rule, now()) ? ruleOf(rule) : null;
    },
    async preview(call, decision) {
      const projectId = projectOf(call, decision);
      const checked = checkedDecision(decision, now());
      const own = projectId === null ? call : { ...call, projects: [projectId] };
      return isRiskRule(checked) ? deps.riskImpact(own, checked) : deps.impact(own, decisionFilter(checked));
    },
    async history(call, { page, ...query }) {
      const found = await store.ruleHistory({ ...query, projects: call.projects, window: windowOf(page) });
      const rows = found.rows.map(({ rule, change, at, by }) => ({ rule: ruleOf(rule), change, at, by }));
      return pageOf(rows, found.total, page, found.rows.at(-1)?.position);
    },
  };
}

/** A rule for all projects is for those who may touch all of them. */
function projectOf(call: Call, { projectId = null }: NewDecision): number | null {
  const { projects } = call;
  if (projects === 'all') return projectId;
  if (projectId !== null) {
    if (projects.includes(projectId)) return projectId;
    throw new ServiceError('not_found', 'there is no such project', { field: 'projectId' });
  }
  const [only] = projects;
  if (only !== undefined && projects.length === 1) return only;
  const hint = 'Say for which project the decision is.';
  throw new ServiceError('invalid_field', 'projectId: a decision for all projects needs rights on all of them', {
    ...{ field: 'projectId', hint },
  });
}

function maySee({ projects }: Call, { projectId }: StoredRule): boolean {
  return projectId === null || inScope(projects, projectId);
}

function mayChange({ projects }: Call, { projectId }: StoredRule): boolean {
  return projectId === null ? projects === 'all' : inScope(projects, projectId);
}

function isOpen(rule: StoredRule, at: number): boolean {
  return rule.endedAt === null && isInForce(rule, at);
}

function missing(id: number): ServiceError {
  return new ServiceError('not_found', `there is no decision ${id}`, { field: 'id' });
}

function ruleOf({ by, ended: _ended, endedAt: _endedAt, kind, ...rule }: StoredRule): DecisionRule {
  return { ...rule, kind: kind as DecisionRule['kind'], author: by };
}

function windowOf(page: PageRequest): RuleWindow {
  const limit = Math.min(Math.max(0, page.limit), longestPage);
  if ('offset' in page) return { offset: Math.max(0, page.offset), limit };
  if (page.after === null) return { below: null, limit };
  const below = /^[0-9]{1,15}$/.test(page.after) ? Number(page.after) : Number.NaN;
  if (Number.isNaN(below))
    throw new ServiceError('invalid_field', 'after: not a position of this list', { field: 'after' });
  return { below, limit };
}

function pageOf<T>(rows: readonly T[], total: number, page: PageRequest, last: number | undefined): Page<T> {
  const full = rows.length > 0 && rows.length === Math.min(page.limit, longestPage);
  return { rows, total, totalIsBound: false, next: full && last !== undefined ? String(last) : null };
}
