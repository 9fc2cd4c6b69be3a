import {
  countRows,
  countVulnerabilities,
  describeMatch,
  describeRow,
  type Filter,
  Pacer,
  type Plan,
  pageLimit,
  pageOf,
  type Row,
  type Sort,
  shownFindings,
  vulnerabilityPage,
} from '../../findings/index.ts';
import type { Call, FindingService, FindingView, VulnerabilityHead, VulnerabilityView } from '../contract/index.ts';
import { findingView, headOf, linksOf } from './finding-view.ts';
import { estatePackages, imagePackages, imagesWithPackage } from './packages.ts';
import type { FindingServiceDeps } from './ports.ts';

const worstFirst: Sort = { by: 'worst', descending: false };

/** Findings, records and vulnerabilities, answered from the estate index; only shown records get an id. */
export function createFindingService(deps: FindingServiceDeps): FindingService {
  const { queries } = deps;
  const views = async (plan: Plan, rows: readonly Row[], grain: 'finding' | 'record'): Promise<FindingView[]> => {
    if (rows.length === 0) return [];
    const { snapshot } = plan;
    const described = rows.map((row) => describeRow(snapshot, row, grain));
    const pairs = described.map(({ image, vulnerability }) => ({
      imageId: image.id,
      vulnerabilityId: vulnerability.id,
    }));
    const [ids, fixing] = await Promise.all([deps.records.idsFor(pairs), deps.fixing()]);
    return described.map((row, index) => {
      const under = fixing.get(row.image.uuid);
      const names = [row.vulnerability.name, ...row.vulnerability.aliases];
      return findingView(row, ids[index] as number, under !== undefined && names.some((name) => under.has(name)));
    });
  };
  return {
    async page(call, { filter, grain, sort, page }) {
      const plan = await queries.plan(shownFindings(filter), call.projects, call.signal);
      const { rows, total, next } = await pageOf(plan, grain, sort ?? worstFirst, page, new Pacer(call.signal));
      return { rows: await views(plan, rows, grain), total, totalIsBound: false, next };
    },
    async count(call, filter, grain) {
      const plan = await queries.plan(shownFindings(filter), call.projects, call.signal);
      const pacer = new Pacer(call.signal);
      return grain === 'vulnerability' ? countVulnerabilities(plan, pacer) : countRows(plan, grain, pacer);
    },
    async vulnerabilities(call, { filter, sort, page }) {
      const plan = await queries.plan(shownFindings(filter), call.projects, call.signal);
      const found = await vulnerabilityPage(plan, sort ?? worstFirst, page, new Pacer(call.signal));
      const rows = found.rows.map(
        ({
          match,
          images,
          byPriority: [asap, later, nntf],
          findings,
          handled,
          firstSeen,
          lastSeen,
        }): VulnerabilityView => ({
          ...headOf(describeMatch(plan.snapshot, match)),
          ...{ images, asap, later, nntf, firstSeen, lastSeen },
          handledFindings: handled,
          openFindings: findings - handled,
        }),
      );
      return { rows, total: found.total, totalIsBound: false, next: found.next };
    },
    async vulnerability(call, keyOrId) {
      const head = await visibleHead(deps, call, keyOrId);
      if (head === null) return null;
      const detail = (await deps.advisory?.(head.id)) ?? null;
      const ids = [head.id, ...head.aliases];
      return {
        ...head,
        published: detail?.published ?? null,
        description: detail?.description ?? null,
        advisories: detail?.advisories ?? head.aliases,
        links: [...new Set([...(detail?.links ?? []), ...linksOf(ids)])],
      };
    },
    records: (call, ids) => recordViews(deps, call, ids, views),
    packages: (call, imageUuid, query) => imagePackages(deps, call, imageUuid, query),
    imagesWithPackage: (call, query) => imagesWithPackage(deps, call, query),
    estatePackages: (call, query) => estatePackages(deps, call, query),
  };
}

/** The head of a vulnerability as the worst visible match shows it, former images included. */
async function visibleHead(deps: FindingServiceDeps, call: Call, keyOrId: string): Promise<VulnerabilityHead | null> {
  const named: Filter = {
    or: [
      { field: 'vuln.key', op: 'in', values: [keyOrId] },
      { field: 'vuln.id', op: 'in', values: [keyOrId] },
    ],
  };
  const any: Filter = {
    or: [
      { field: 'image.current', op: 'is', value: true },
      { field: 'image.current', op: 'is', value: false },
    ],
  };
  const plan = await deps.queries.plan({ and: [named, any] }, call.projects, call.signal);
  const { rows } = await vulnerabilityPage(plan, worstFirst, { offset: 0, limit: 1 }, new Pacer(call.signal));
  return rows[0] === undefined ? null : headOf(describeMatch(plan.snapshot, rows[0].match));
}

async function recordViews(
  deps: FindingServiceDeps,
  call: Call,
  ids: readonly number[],
  views: (plan: Plan, rows: readonly Row[], grain: 'record') => Promise<FindingView[]>,
): Promise<FindingView[]> {
  const asked = [...new Set(ids)].filter((id) => Number.isSafeInteger(id) && id > 0);
  if (asked.length === 0) return [];
  const filter: Filter = { field: 'finding.id', op: 'in', values: asked };
  const plan = await deps.queries.plan(filter, call.projects, call.signal);
  const found = new Map<number, FindingView>();
  for (let offset = 0; offset < asked.length; offset += pageLimit) {
    const window = { offset, limit: pageLimit };
    const { rows } = await pageOf(plan, 'record', worstFirst, window, new Pacer(call.signal));
    for (const view of await views(plan, rows, 'record')) found.set(view.recordId, view);
  }
  return asked.flatMap((id) => found.get(id) ?? []);
}
