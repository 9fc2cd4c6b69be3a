import type { RecordIds } from '../../ports.ts';
import type { Filter } from '../contract.ts';
import type { EstateIndex } from '../estate/estate-index.ts';
import { Pacer } from '../estate/pacer.ts';
import type { Snapshot } from '../estate/snapshot.ts';
import { checkFilter, everything } from '../grammar/index.ts';
import { namesField, type Pairs } from './compile.ts';
import { slotOfImage } from './describe.ts';
import { permutationOf } from './orders.ts';
import { makePlan, type Plan } from './plan.ts';
import { talliesOf } from './tallies.ts';
import { urgentCountsOf } from './urgent.ts';

/** Plans that are kept for the next page of the same list. */
const keptPlans = 24;
const outside = new Set(['fixing', 'finding.id']);

/** Findings with a fix task under way: uuid of the image → names of vulnerabilities. */
export type Fixing = ReadonlyMap<string, ReadonlySet<string>>;

/** What queries need beside the index. */
export interface QueryPorts {
  fixing(): Promise<Fixing>;
  readonly records: Pick<RecordIds, 'byIds'>;
}

/** Applies filters to the newest state of the estate, and remembers what the last lists worked out. */
export class EstateQueries {
  readonly #index: EstateIndex;
  readonly #ports: QueryPorts;
  readonly #plans = new WeakMap<Snapshot, Map<string, Promise<Plan>>>();

  constructor(index: EstateIndex, ports: QueryPorts) {
    this.#index = index;
    this.#ports = ports;
  }

  /** The state that answers come from now. */
  snapshot(): Promise<Snapshot> {
    return this.#index.current();
  }

  /** Works out what the first question would wait for: orders and counters. */
  async warm(): Promise<void> {
    const snapshot = await this.#index.current();
    await permutationOf(snapshot.matches, 'worst', false, new Pacer());
    await talliesOf(snapshot, () => new Pacer());
    await urgentCountsOf(snapshot, () => new Pacer());
  }

  /** Applies a filter within projects. @throws QueryError when it cannot be answered */
  async plan(filter: Filter | undefined, projects: 'all' | readonly number[], signal?: AbortSignal): Promise<Plan> {
    const asked = filter ?? everything;
    checkFilter(asked);
    const snapshot = await this.#index.current();
    if (namesField(asked, outside)) {
      return makePlan(snapshot, asked, projects, await this.#pairs(asked, snapshot), new Pacer(signal));
    }
    const plans = this.#plans.get(snapshot) ?? new Map<string, Promise<Plan>>();
    this.#plans.set(snapshot, plans);
    const name = JSON.stringify([projects, asked]);
    const known = plans.get(name);
    // Asked for again: the last to be forgotten.
    if (known !== undefined) plans.delete(name);
    // Not bound to the signal of one caller: others may wait for the same plan.
    const plan = known ?? makePlan(snapshot, asked, projects, noPairs, new Pacer());
    plans.set(name, plan);
    if (plans.size > keptPlans) plans.delete(plans.keys().next().value as string);
    if (known === undefined) plan.catch(() => plans.delete(name));
    return plan;
  }

  async #pairs(filter: Filter, snapshot: Snapshot): Promise<Pairs> {
    const ids = namesField(filter, new Set(['finding.id'])) ? recordIds(filter) : [];
    const records = new Map<number, { image: number; vulnerability: number }>();
    for (const { id, imageId, vulnerabilityId } of ids.length === 0 ? [] : await this.#ports.records.byIds(ids)) {
      const image = slotOfImage(snapshot, imageId);
      const vulnerability = snapshot.matches.byVulnerability.get(vulnerabilityId);
      if (image >= 0 && vulnerability !== undefined) records.set(id, { image, vulnerability });
    }
    const fixing = namesField(filter, new Set(['fixing'])) ? await this.#ports.fixing() : new Map();
    return { fixing: fixingSlots(fixing, snapshot), record: (id) => records.get(id) };
  }
}

const noPairs: Pairs = { fixing: new Map(), record: () => undefined };

function recordIds(filter: Filter): number[] {
  if ('field' in filter) return filter.field === 'finding.id' && filter.op === 'in' ? [...filter.values] : [];
  if ('not' in filter) return recordIds(filter.not);
  return ('and' in filter ? filter.and : filter.or).flatMap(recordIds);
}

function fixingSlots(fixing: Fixing, snapshot: Snapshot): Map<number, Set<number>> {
  const { images, matches } = snapshot;
  const slots = new Map<number, Set<number>>();
  for (const [uuid, names] of fixing) {
    const image = images.byUuid.get(uuid);
    if (image === undefined) continue;
    const found = new Set<number>();
    for (const name of names) {
      const named = matches.byName.get(name);
      for (const slot of typeof named === 'number' ? [named] : (named ?? [])) found.add(slot);
    }
    slots.set(image, found);
  }
  return slots;
}
