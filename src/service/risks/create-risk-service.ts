import { type Filter, Pacer, type Plan, type RiskView, talliesOf } from '../../findings/index.ts';
import type { Call, Page, PageRequest, RiskCounts, RiskHit, RiskQuery, RiskService } from '../contract/index.ts';
import { cutPage } from '../images/image-pages.ts';
import { createChoices } from './choices.ts';
import { riskCounts } from './counts.ts';
import { riskGroups } from './groups.ts';
import { hitPage, imagesWithRisks } from './lists.ts';
import type { RiskServiceDeps } from './ports.ts';
import { RiskSelector } from './select.ts';
import { setStatus } from './status.ts';
import { RiskWords } from './texts.ts';
import { riskHits, riskImage } from './views.ts';

/** Risks of the estate, answered from the index in memory; what a finding says in full comes from the store. */
export function createRiskService(deps: RiskServiceDeps): RiskService {
  const { queries, store, catalogue } = deps;
  const words = new RiskWords(catalogue);
  const planned = async (call: Call, filter: Filter | undefined) => {
    const plan = await queries.plan(filter, call.projects, call.signal);
    return { plan, tallies: await talliesOf(plan.snapshot, () => new Pacer()) };
  };
  const selected = async (call: Call, query: RiskQuery, listed: boolean) => {
    const { plan, tallies } = await planned(call, query.filter);
    return { plan, tallies, selector: new RiskSelector(tallies.risks, query, words, query.listed ?? listed) };
  };
  const hitsByIds = async (call: Call, ids: readonly number[]): Promise<readonly RiskHit[]> => {
    const named = await store.risksByIds([...new Set(ids)]);
    if (named.length === 0) return [];
    const { plan, tallies } = await planned(call, anyImage(named.map(({ imageId }) => imageId)));
    const { rows } = plan.snapshot.images;
    const slots = new Map([...plan.images].map((slot) => [rows.id(slot), slot]));
    const found = named.flatMap(({ imageId, keyId }) => {
      const image = slots.get(imageId);
      const risk = image === undefined ? undefined : riskWithKey(tallies.risks, image, keyId);
      return image === undefined || risk === undefined ? [] : [{ image, risk }];
    });
    const hits = new Map((await riskHits(plan, tallies, found, { store, words })).map((hit) => [hit.id, hit]));
    return ids.flatMap((id) => hits.get(id) ?? []);
  };
  return {
    catalogue,
    counts: async (call, filter): Promise<RiskCounts> => {
      const { plan, tallies } = await planned(call, filter);
      return riskCounts(plan, tallies, new Pacer(call.signal));
    },
    async groups(call, { page, by, ...query }) {
      const { plan, selector } = await selected(call, query, false);
      const groups = await noted(plan, ['risk groups', by, query], () =>
        riskGroups(plan, selector, by, words, new Pacer(call.signal)),
      );
      return cut(groups, page);
    },
    async images(call, { page, ...query }) {
      const { plan, tallies, selector } = await selected(call, query, false);
      const slots = await noted(plan, ['risk images', query], () =>
        imagesWithRisks(plan, selector, new Pacer(call.signal)),
      );
      const { rows, ...rest } = cutPage(slots, (slot) => plan.snapshot.images.rows.id(slot), page);
      return { rows: rows.map((slot) => riskImage(plan, tallies, selector, slot)), ...rest };
    },
    async hits(call, { page, ...query }) {
      const { plan, tallies, selector } = await selected(call, query, true);
      const name = JSON.stringify(['risk hits', query]);
      const { rows, ...rest } = await hitPage(plan, selector, name, page, new Pacer(call.signal));
      return { rows: await riskHits(plan, tallies, rows, { store, words }), ...rest };
    },
    hitsByIds,
    setStatus: (call, change) => setStatus({ ...deps, hitsByIds }, call, change),
    ...createChoices(deps),
  };
}

/** Works a list out once per plan and query. */
async function noted<T>(plan: Plan, key: readonly unknown[], make: () => Promise<T>): Promise<T> {
  const name = JSON.stringify(key);
  const known = plan.notes.get(name) as T | undefined;
  if (known !== undefined) return known;
  const made = await make();
  plan.notes.set(name, made);
  return made;
}

function cut<T>(rows: readonly T[], page: PageRequest): Page<T> {
  const places = rows.map((_, index) => index);
  const { rows: shown, ...rest } = cutPage(places, (index) => index, page);
  return { rows: shown.map((index) => rows[index] as T), ...rest };
}

/** These images, whether a tag points at them now or not. */
function anyImage(ids: readonly number[]): Filter {
  return {
    and: [
      { field: 'image.id', op: 'in', values: [...new Set(ids)] },
      {
        or: [
          { field: 'image.current', op: 'is', value: true },
          { field: 'image.current', op: 'is', value: false },
        ],
      },
    ],
  };
}

function riskWithKey(view: RiskView, image: number, keyId: number): number | undefined {
  return view.of(image).find((risk) => view.table.key(risk) === keyId);
}
