import { QueryError } from '../errors.ts';
import { EstateIndex } from '../estate/estate-index.ts';
import { Pacer } from '../estate/pacer.ts';
import type { Snapshot } from '../estate/snapshot.ts';
import type { EstateRule, EstateSource } from '../ports.ts';
import type { FindingFacts, RowImage, RowPins, RowSources, RuleFacts } from '../row-source.ts';
import { countRows } from './counting.ts';
import { describeImage, describeMatch } from './describe.ts';
import { EstateQueries, type QueryPorts } from './estate-queries.ts';
import type { Plan } from './plan.ts';
import { blocksInOrder, blocksOfImages } from './row-blocks.ts';
import { imageBlocks, selectedImages } from './row-images.ts';
import { vulnerabilityBlocks } from './row-vulnerabilities.ts';
import { shownFindings } from './shown.ts';
import { countVulnerabilities } from './vulnerability-rows.ts';

/** What row sources are made of. */
export interface RowSourceDeps {
  /** Readers of the estate as it is now, or with matches as they were at a generation. */
  source(pins: RowPins | null): EstateSource;
  readonly ports: QueryPorts;
  /** ms since 1970. */
  readonly now: () => number;
  /** An index that is kept anyway answers orders without pins. */
  readonly index?: EstateIndex;
}

/** Opens rows for exports over an index of the pinned state. */
export function createRowSources(deps: RowSourceDeps): RowSources {
  const open = async (pins: RowPins | null): Promise<{ index: EstateIndex; snapshot: Snapshot; pins: RowPins }> => {
    const pinned = pins && { at: pins.at, lastImageId: pins.lastImageId };
    const shared = pins === null ? deps.index : undefined;
    const index = shared ?? EstateIndex.lazy(deps.source(pins), { now: deps.now, ...(pinned && { pinned }) });
    const snapshot = await index.current();
    const now = {
      generation: snapshot.revisions.matches,
      lastImageId: snapshot.images.rows.id(snapshot.images.count - 1),
      at: snapshot.at,
    };
    return { index, snapshot, pins: pins ?? now };
  };
  const planFor = async (
    order: Parameters<RowSources['images']>[0],
    pins: RowPins | null,
  ): Promise<{ plan: Plan; pins: RowPins }> => {
    const opened = await open(pins);
    const queries = new EstateQueries(opened.index, deps.ports);
    return { plan: await queries.plan(order.filter, order.projects), pins: opened.pins };
  };
  const limited = (matched: number, limit: number | undefined) => ({
    matched,
    rows: Math.min(matched, limit ?? Infinity),
  });
  return {
    async findings(order, given) {
      const { plan, pins } = await planFor({ ...order, filter: shownFindings(order.filter) }, given);
      const { snapshot } = plan;
      const limit = order.limit ?? Infinity;
      return {
        pins,
        count: async (signal) => limited(await countRows(plan, order.grain, new Pacer(signal)), order.limit),
        blocks: (from, signal) =>
          order.sort === undefined
            ? blocksOfImages(plan, order.grain, from, limit, new Pacer(signal))
            : blocksInOrder(plan, order.grain, order.sort, from, limit, new Pacer(signal)),
        finding: (number): FindingFacts => describeMatch(snapshot, number),
        evidence: (number) => known(snapshot.contents.evidenceFacts.at(number)),
        rule: (number): RuleFacts => ruleFacts(known(snapshot.rules.rules[number])),
        image: (number): RowImage => describeImage(snapshot, number),
      };
    },
    async images(order, given) {
      const { plan, pins } = await planFor(order, given);
      return {
        pins,
        count: async (signal) => limited((await selectedImages(plan, new Pacer(signal))).length, order.limit),
        blocks: (from, signal) => imageBlocks(plan, from, order.limit ?? Infinity, new Pacer(signal)),
      };
    },
    async vulnerabilities(order, given) {
      const { plan, pins } = await planFor({ ...order, filter: shownFindings(order.filter) }, given);
      return {
        pins,
        count: async (signal) => limited(await countVulnerabilities(plan, new Pacer(signal)), order.limit),
        blocks: (from, signal) =>
          vulnerabilityBlocks(plan, order.sort, from, order.limit ?? Infinity, new Pacer(signal)),
      };
    },
  };
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new QueryError('bad_cursor', 'no row has this number');
  return value;
}

function ruleFacts(rule: EstateRule): RuleFacts {
  return { id: rule.id, kind: rule.kind, reason: rule.reason, by: rule.by, until: rule.expiresAt };
}
