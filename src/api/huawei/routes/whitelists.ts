import type { DecisionRule, DecisionScope } from '../../../service/index.ts';
import type { HuaweiRoute, RouteCall } from '../contract.ts';
import { invalidParameter, serviceRefusal } from '../errors.ts';
import { vulTypes } from '../input/criteria.ts';
import { pageOf } from '../input/page.ts';
import { checkWhitelistQuery, whitelistScope } from '../input/whitelist.ts';
import { whitelistItem } from '../views/whitelist.ts';
import { decide, decisionSource } from './handle-vulnerabilities.ts';

const path = '/image/whitelists';
const reads = { action: 'hss:vuls:list', scope: 'list', writes: false } as const;
const changes = { action: 'hss:vuls:operate', scope: 'list', writes: true } as const;
const maxEntries = 2048;

/** Entries of the white list. */
export const listWhitelists: HuaweiRoute = {
  ...reads,
  method: 'GET',
  path,
  operation: 'ListImageWhiteLists',
  handle: async ({ call, query, services }) => {
    checkWhitelistQuery(query);
    const text = query.text('vul_name', { max: 256 });
    const type = query.word('vul_type', vulTypes);
    const page = pageOf(query);
    const given = { kind: 'whitelist', ...(text === undefined ? {} : { text }) } as const;
    if (type === undefined) {
      const found = await services.decisions.page(call, { ...given, page });
      return { total_num: found.total, data_list: found.rows.map((rule) => whitelistItem(rule, [])) };
    }
    const kind = type === 'linux_vul' ? 'cve' : 'sca';
    const found = await services.decisions.page(call, { ...given, page: { offset: 0, limit: maxEntries } });
    const rules = found.rows.filter(({ findingKind }) => findingKind === null || findingKind === kind);
    const rows = rules.slice(page.offset, page.offset + page.limit);
    return { total_num: rules.length, data_list: rows.map((rule) => whitelistItem(rule, [])) };
  },
};

/** Adds entries, one for each vulnerability. */
export const addWhitelist: HuaweiRoute = {
  ...changes,
  method: 'POST',
  path,
  operation: 'CreateImageWhiteLists',
  handle: async (call) => {
    checkWhitelistQuery(call.query);
    const { body } = call;
    const scope = body.need('rule_type', whitelistScope(body));
    const type = body.word('vul_type', vulTypes);
    const ids = body.texts('vul_ids', maxEntries, { min: 1, max: 256 }) ?? [];
    const reason = body.text('description', { max: 1000 }) ?? '';
    if (ids.length === 0) throw invalidParameter('vul_ids');
    await checkImages(call, scope);
    for (const id of new Set(ids)) {
      await decide(call, {
        kind: 'whitelist',
        vulnerabilities: [id],
        findingKind: type === undefined ? null : type === 'linux_vul' ? 'cve' : 'sca',
        scope,
        reason,
        expiresAt: null,
        expiresWhen: 'none',
        source: decisionSource,
        title: id,
      });
    }
    return {};
  },
};

/** One entry with its images. */
export const showWhitelist: HuaweiRoute = {
  ...reads,
  method: 'GET',
  path: `${path}/:id`,
  operation: 'ShowImageWhiteList',
  handle: async (call) => {
    checkWhitelistQuery(call.query);
    const rule = await find(call);
    const uuids = rule.scope.kind === 'images' ? rule.scope.uuids : [];
    return whitelistItem(rule, await call.services.images.byUuids(call.call, uuids));
  },
};

/** Changes where an entry holds and its description. */
export const changeWhitelist: HuaweiRoute = {
  ...changes,
  method: 'PUT',
  path: `${path}/:id`,
  operation: 'ChangeImageWhiteList',
  handle: async (call) => {
    checkWhitelistQuery(call.query);
    const scope = whitelistScope(call.body);
    const reason = call.body.text('description', { max: 1000 });
    const rule = await find(call);
    if (scope !== undefined) await checkImages(call, scope);
    await call.services.decisions.update(call.call, rule.id, {
      ...(scope === undefined ? {} : { scope }),
      ...(reason === undefined ? {} : { reason }),
    });
    return {};
  },
};

/** Takes entries away: all of them, or none when one is unknown. */
export const removeWhitelists: HuaweiRoute = {
  ...changes,
  method: 'DELETE',
  path,
  operation: 'DeleteImageWhiteLists',
  handle: async (call) => {
    checkWhitelistQuery(call.query);
    const ids = call.body.need('ids', call.body.texts('ids', maxEntries, { min: 1, max: 64 }));
    if (ids.length === 0) throw invalidParameter('ids');
    const rules = await Promise.all([...new Set(ids)].map((id) => find(call, id)));
    await call.services.decisions.revoke(
      call.call,
      rules.map(({ id }) => id),
    );
    return {};
  },
};

async function find({ call, params, services }: RouteCall, id = params.id ?? ''): Promise<DecisionRule> {
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(id)) throw invalidParameter('id');
  const number = /^[1-9]\d{0,15}$/.test(id) ? Number(id) : 0;
  const rule = Number.isSafeInteger(number) && number > 0 ? await services.decisions.get(call, number) : null;
  if (rule === null || rule.kind !== 'whitelist') throw serviceRefusal('HSS.0011');
  return rule;
}

async function checkImages({ call, services }: RouteCall, scope: DecisionScope): Promise<void> {
  if (scope.kind !== 'images') return;
  const found = await services.images.byUuids(call, scope.uuids);
  if (found.length < scope.uuids.length) throw serviceRefusal('HSS.0011');
}
