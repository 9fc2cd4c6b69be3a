import type { RiskTally } from '../../../src/findings/index.ts';
import { noRisks, riskKinds, riskLevels, tallyOfRisks } from '../../../src/findings/index.ts';
import type {
  BaselineStrategy,
  ImageView,
  RiskCounts,
  RiskGroup,
  RiskHit,
  RiskImage,
  RiskQuery,
  RiskService,
  RiskStatusChange,
} from '../../../src/service/index.ts';
import { detectorCatalogue } from '../../../src/service/index.ts';
import type { FakeEstate } from './estate.ts';
import { listed, matches, paged } from './matching.ts';

type Call = Parameters<RiskService['hits']>[0];

/** Risks out of an estate in memory: hits whose `status` tests and status changes write. */
export function fakeRisks(estate: FakeEstate, changes: RiskStatusChange[] = []): RiskService {
  const select = (call: Call, query: RiskQuery, all = false): RiskHit[] =>
    (estate.hits ?? []).filter(
      (hit) =>
        hit.kind === query.kind &&
        (hit.counted || (query.listed ?? all)) &&
        listed(call, query.filter, hit.image) &&
        matches(query.filter, hit.image) &&
        passes(hit, query),
    );
  const checks = detectorCatalogue('baseline').rules.map(({ key }) => key);
  const totalItems = checks.length;
  const first: BaselineStrategy = {
    ...{ id: 1, name: 'default', type: 'default', items: checks, totalItems, keepDays: 0, active: true },
  };
  const configured = { sensitive: true, selected: new Map<string, readonly string[]>(), strategies: [first] };
  return {
    catalogue: detectorCatalogue,
    async counts(call, filter): Promise<RiskCounts> {
      const of = (kind: RiskHit['kind']) => select(call, { kind, ...(filter && { filter }) });
      const tally: RiskTally = tallyOfRisks(
        (kind, level) =>
          of(kind).filter((hit) => hit.status === 'open' && riskLevels(kind).indexOf(hit.level) === level).length,
      );
      const handled = Object.fromEntries(
        riskKinds.map((kind) => [kind, of(kind).filter(({ status }) => status !== 'open').length]),
      );
      return { ...tally, handled: handled as RiskCounts['handled'] };
    },
    async groups(call, { page, by, ...query }) {
      const groups = Map.groupBy(select(call, query), (hit) => keyOf(hit, by));
      return paged(
        [...groups].map(([key, hits]) => groupOf(key, hits)),
        page,
      );
    },
    async images(call, { page, ...query }) {
      const images = Map.groupBy(select(call, query), ({ image }) => image);
      return paged(
        [...images].map(([image, hits]) => imageOf(image, hits)),
        page,
      );
    },
    hits: async (call, { page, ...query }) => paged(select(call, query, true), page),
    hitsByIds: async (call, ids) =>
      ids.flatMap((id) => estate.hits?.find((hit) => hit.id === id && listed(call, undefined, hit.image)) ?? []),
    async setStatus(_call, change) {
      changes.push(change);
      return [changes.length];
    },
    strategies: async () => configured.strategies,
    saveStrategy: async (_call, { id = 2, name = 'own', type = 'own', items = [], keepDays = 0 }) => {
      const saved = { id, name, type, items, totalItems, keepDays, active: true };
      configured.strategies = [
        ...configured.strategies.filter((other) => other.id !== id).map((other) => ({ ...other, active: false })),
        saved,
      ];
      return saved;
    },
    selection: async (_call, kind) => {
      const selected = configured.selected.get(kind) ?? [];
      return { id: 1, selected, total: selected.length, enableNew: true };
    },
    async select(_call, kind, { selected = [], enableNew = true }) {
      configured.selected.set(kind, selected);
      return { id: 1, selected, total: selected.length, enableNew };
    },
    sensitiveScan: async () => configured.sensitive,
    async setSensitiveScan(_call, on) {
      configured.sensitive = on;
      return on;
    },
  };
}

function passes(hit: RiskHit, query: RiskQuery): boolean {
  const { rules, names, classes, levels, statuses, md5, layers, title } = query;
  const hash = 'md5' in hit.finding ? (hit.finding.md5 ?? '') : '';
  const texts = title && { rule: hit.title, name: hit.name, class: hit.className }[title.of];
  return (
    (rules?.some((rule) => rule === hit.ruleKey || rule === hit.finding.id) ?? true) &&
    (names?.includes(hit.nameKey) ?? true) &&
    (classes?.includes(hit.classKey) ?? true) &&
    (levels?.includes(hit.level) ?? true) &&
    (statuses?.includes(hit.status) ?? true) &&
    (md5?.includes(hash) ?? true) &&
    (layers?.includes('layer' in hit.finding ? (hit.finding.layer ?? '') : '') ?? true) &&
    (texts === undefined || `${texts.en} ${texts.zh}`.toLowerCase().includes((title?.contains ?? '').toLowerCase()))
  );
}

function keyOf(hit: RiskHit, by: 'rule' | 'name' | 'class'): string {
  if (by === 'class') return hit.classKey;
  if (by === 'name') return hit.nameKey;
  return hit.finding.kind === 'malicious' ? (hit.finding.md5 ?? '') : hit.ruleKey;
}

function levelsOf(hits: readonly RiskHit[]) {
  const [first] = hits as readonly [RiskHit];
  const tally = tallyOfRisks(
    (kind, level) => hits.filter((hit) => hit.kind === kind && riskLevels(kind).indexOf(hit.level) === level).length,
  );
  return (hits.length === 0 ? noRisks : tally)[first.kind];
}

function worstOf(hits: readonly RiskHit[]): RiskHit {
  const levels = riskLevels(hits[0]?.kind ?? 'baseline');
  return hits.toSorted((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level))[0] as RiskHit;
}

function common(hits: readonly RiskHit[]) {
  return {
    level: worstOf(hits).level,
    hits: levelsOf(hits),
    status: hits.find(({ status }) => status === 'open')?.status ?? (hits[0] as RiskHit).status,
    firstSeen: Math.min(...hits.map(({ firstSeen }) => firstSeen)),
    lastSeen: Math.max(...hits.map(({ lastSeen }) => lastSeen)),
  };
}

function groupOf(key: string, hits: readonly RiskHit[]): RiskGroup {
  const { classKey, className, nameKey, name, ruleKey, title, description, advice, kind } = worstOf(hits);
  const byImage = [...Map.groupBy(hits, ({ image }) => image).values()];
  return {
    ...{ kind, key, classKey, className, nameKey, name, ruleKey, title, description, advice },
    ...common(hits),
    images: levelsOf(byImage.map(worstOf)),
    openImages: byImage.filter((own) => own.some(({ status }) => status === 'open')).length,
  };
}

function imageOf(image: ImageView, hits: readonly RiskHit[]): RiskImage {
  return { image, ...common(hits) };
}
