import { placeInImage } from '../../../findings/index.ts';
import type {
  BaselineStrategy,
  Page,
  PageRequest,
  RiskCatalogue,
  RiskGroup,
  RiskHit,
  RiskImage,
  RiskKind,
  RiskQuery,
  RiskService,
  RiskStatus,
} from '../../../service/index.ts';
import type { ActionContext } from '../action.ts';
import { invalid } from '../errors.ts';
import { emptyPage } from '../schema/paging.ts';
import {
  allOf,
  among,
  containing,
  digests,
  filterOf,
  inScanRange,
  nothing,
  type Selection,
  unknownThing,
} from './selection.ts';

/** Language of titles; the vendor's default is Chinese. */
export type Lang = 'zh' | 'en' | undefined;

/** A text in the language that was asked for. */
export function inLang(text: { readonly en: string; readonly zh: string }, lang: Lang): string {
  return lang === 'en' ? text.en : text.zh;
}

/** V2b: how malicious files stand. */
export const maliciousStatus: Readonly<Record<RiskStatus, number>> = {
  open: 0,
  handled: 1,
  verifying: 2,
  whitelisted: 3,
  false_positive: 3,
};

/** V2d: how sensitive files and build risks stand. */
export const acceptanceStatus: Readonly<Record<RiskStatus, number>> = {
  open: 0,
  verifying: 0,
  handled: 1,
  whitelisted: 1,
  false_positive: 2,
};

/** The statuses that a code of one of the tables above means. */
export function statusesOf(table: Readonly<Record<RiskStatus, number>>, code: number): readonly RiskStatus[] {
  return (Object.keys(table) as RiskStatus[]).filter((status) => table[status] === code);
}

/** The status that is set by a code: the first of its meaning in this order. */
export function statusToSet(table: Readonly<Record<RiskStatus, number>>, code: number): RiskStatus {
  const order: readonly RiskStatus[] = ['open', 'whitelisted', 'false_positive', 'handled', 'verifying'];
  const found = order.find((status) => table[status] === code);
  if (found === undefined) throw invalid('Status');
  return found;
}

/** Filters by image that lists of risks share; each operation has some of them. */
export interface RiskPlaces {
  readonly ClusterId?: string | undefined;
  readonly ClusterName?: string | undefined;
  readonly ContainerId?: string | undefined;
  readonly Image?: string | undefined;
  readonly ImageDigest?: string | undefined;
  readonly ImageTag?: string | undefined;
  readonly ImageUuid?: string | undefined;
  readonly Namespace?: string | undefined;
  readonly Pod?: string | undefined;
  readonly RepoId?: string | undefined;
  readonly RepoInstanceId?: string | undefined;
  readonly RepoName?: string | undefined;
  readonly RepoNamespace?: string | undefined;
  readonly RepoRegionId?: string | undefined;
  readonly ScanRange?: readonly ('image' | 'container')[] | undefined;
  readonly Uuids?: readonly string[] | undefined;
}

/** What of the images is selected. */
export function imageSelection(input: RiskPlaces): Selection {
  return allOf(
    among('image.uuid', input.ImageUuid),
    among('image.uuid', input.Uuids),
    among('image.reference', input.Image),
    digests('image.digest', input.ImageDigest),
    among('image.tag', input.ImageTag),
    among('registry.instanceId', input.RepoInstanceId),
    among('registry.region', input.RepoRegionId),
    among('repository.id', input.RepoId),
    containing('repository.name', input.RepoName),
    containing('repository.namespace', input.RepoNamespace),
    inScanRange(input.ScanRange),
    unknownThing(input.ClusterId, input.ClusterName, input.ContainerId, input.Namespace, input.Pod),
  );
}

/** What a request asks of risks: its places, and the rest of the query. */
export interface RiskAsk {
  readonly kind: RiskKind;
  readonly places: Selection;
  readonly query?: Partial<Omit<RiskQuery, 'kind' | 'filter'>>;
  readonly page: PageRequest;
}

/** Lists of risks; a selection that holds nothing asks nothing. */
export function riskLists({ services, call }: Pick<ActionContext, 'services' | 'call'>): {
  groups(ask: RiskAsk, by: 'rule' | 'name' | 'class'): Promise<Page<RiskGroup>>;
  images(ask: RiskAsk): Promise<Page<RiskImage>>;
  hits(ask: RiskAsk): Promise<Page<RiskHit>>;
} {
  const { risks } = services;
  const asked = <T>(ask: RiskAsk, list: (query: Parameters<RiskService['hits']>[1]) => Promise<Page<T>>) => {
    if (ask.places === nothing) return Promise.resolve<Page<T>>(emptyPage);
    return list({ kind: ask.kind, ...filterOf(ask.places), ...ask.query, page: ask.page });
  };
  return {
    groups: (ask, by) => asked(ask, (query) => risks.groups(call, { ...query, by })),
    images: (ask) => asked(ask, (query) => risks.images(call, query)),
    hits: (ask) => asked(ask, (query) => risks.hits(call, query)),
  };
}

/** Evidence of a finding as the vendor shows it: a line for each place, masked already. */
export function promptOf({ finding }: Pick<RiskHit, 'finding'>): string {
  if (finding.kind !== 'baseline') return finding.excerpt ?? '';
  return finding.evidence
    .map(({ path, excerpt }) => `${placeInImage(path)}${excerpt === null ? '' : `:${excerpt}`}`)
    .join('\n');
}

/** The numbers of images by level in the vendor's words. */
export function imagesByLevel({ images }: Pick<RiskGroup, 'images'>): Readonly<Record<string, number>> {
  return { HighRiskImage: images.high, MiddleRiskImage: images.medium, LowRiskImage: images.low };
}

/** A rule tree with what of it is selected. */
export function ruleTree(catalogue: RiskCatalogue, selected: readonly string[], lang: Lang): object[] {
  const chosen = new Set(selected);
  const classes = Map.groupBy(catalogue.rules, ({ classKey }) => classKey);
  return [...classes].map(([ClassKey, rules]) => ({
    ClassKey,
    ClassName: inLang(catalogue.classes[ClassKey] ?? { en: ClassKey, zh: ClassKey }, lang),
    RuleList: rules.map(({ key, title }) => ({
      RuleKey: key,
      RuleName: inLang(title, lang),
      Selected: chosen.has(key),
    })),
  }));
}

/** Keys in `[{"classKey":"password","ruleList":["npm_token"]}]`. @throws RpcError `InvalidConfig` */
export function keysOfConfig(document: unknown): readonly string[] {
  if (!Array.isArray(document) || document.length > 100) throw invalid('Config');
  return document.flatMap((group: unknown) => {
    const { ruleList } = (group ?? {}) as { readonly ruleList?: unknown };
    if (!Array.isArray(ruleList) || ruleList.length > 1000) throw invalid('Config');
    return ruleList.map((key: unknown) => {
      if (typeof key !== 'string') throw invalid('Config');
      return key;
    });
  });
}

/** The strategy that a request is about: by its id, else the one that scans use. */
export function strategyOf(strategies: readonly BaselineStrategy[], id: number | undefined): BaselineStrategy {
  const found = strategies.find((strategy) => (id === undefined ? strategy.active : strategy.id === id));
  if (found === undefined) throw invalid('StrategyId');
  return found;
}

/** Fields of servers and containers, which images of registries have not. */
export const noServer = Object.fromEntries(
  [
    ...['ClusterId', 'ClusterName', 'ContainerId', 'InstanceName', 'InternetIp', 'IntranetIp', 'Namespace', 'Pod'],
    ...['TargetId', 'TargetName', 'TargetType'],
  ].map((name) => [name, '']),
);
