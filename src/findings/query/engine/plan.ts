import type { FieldTest, Filter, NumberField } from '../contract.ts';
import type { Pacer } from '../estate/pacer.ts';
import type { Snapshot } from '../estate/snapshot.ts';
import { everything } from '../grammar/index.ts';
import { compileFilter, imageLeaves, namesField, type Pairs } from './compile.ts';
import { always, type Node, nameOf, never, replaced } from './nodes.ts';
import { type Residual, residualOf } from './residual.ts';
import { talliesOf } from './tallies.ts';

/** Fields that turn off the rule that lists show current images only. */
const namingFields = new Set(['image.uuid', 'image.digest', 'image.current', 'finding.id']);
const tallyFields = new Set([
  ...['image.hasVuln', 'image.hasRisk', 'image.hasAlarm', 'image.hasBaseline', 'image.hasSensitive'],
  ...['image.hasInstruction', 'image.baseline', 'image.malicious', 'image.sensitive', 'image.instruction', 'risk'],
  'image.sensitiveHigh',
]);

/** A filter applied to one snapshot: the images that may have rows, and what is left to ask of their matches. */
export class Plan {
  readonly snapshot: Snapshot;
  /** Slots of the selected images, rising. */
  readonly images: Int32Array;
  readonly residuals: readonly Residual[];
  readonly #positions: Int32Array | ReadonlyMap<number, number>;
  /** What was worked out of it before: counts, sorted rows. */
  readonly notes = new Map<string, unknown>();

  /** `positions` go from image slot to position in `residuals`: an array (-1 = not selected), or a map of few. */
  constructor(
    snapshot: Snapshot,
    images: Int32Array,
    residuals: readonly Residual[],
    positions: Int32Array | ReadonlyMap<number, number>,
  ) {
    this.snapshot = snapshot;
    this.images = images;
    this.residuals = residuals;
    this.#positions = positions;
  }

  /** Position of an image in `residuals`; -1 = not selected. */
  position(image: number): number {
    const positions = this.#positions;
    return (positions instanceof Int32Array ? positions[image] : positions.get(image)) ?? -1;
  }

  /** What is left to ask of the matches of a selected image. */
  residual(image: number): Residual {
    return this.residuals[this.position(image)] as Residual;
  }
}

/**
 * Compiles and applies a filter. Images of other projects are never selected; only current ones are, unless the filter
 * names uuid, digest, `image.current` or a record.
 * @throws QueryError when it cannot be answered
 */
export async function makePlan(
  snapshot: Snapshot,
  filter: Filter | undefined,
  projects: 'all' | readonly number[],
  pairs: Pairs,
  pacer: Pacer,
): Promise<Plan> {
  const asked = filter ?? everything;
  const tallies = namesField(asked, tallyFields) ? await talliesOf(snapshot, () => pacer) : null;
  const node = await compileFilter(asked, snapshot, tallies, pairs, pacer);
  const { images } = snapshot;
  const currentOnly = !namesField(asked, namingFields);
  const allowed = projects === 'all' ? null : new Set(projects);
  const mayShow = images.repositories.map(({ projectId }) => allowed === null || allowed.has(projectId));
  const select = new Selection(node, snapshot);
  const selected: number[] = [];
  const candidates = candidatesOf(asked, snapshot);
  // A question about one image must not cost an array as long as the estate.
  const few = new Map<number, number>();
  const positions = candidates === null ? new Int32Array(images.count).fill(-1) : null;
  const total = candidates?.length ?? images.count;
  for (let index = 0; index < total; index++) {
    const image = candidates === null ? index : (candidates[index] as number);
    if ((index & 1023) === 0 && pacer.due()) await pacer.rest();
    if (currentOnly && images.current[image] === 0) continue;
    if (mayShow[images.repository[image] as number] !== true) continue;
    const residual = select.of(image);
    if (residual < 0) continue;
    if (positions === null) few.set(image, residual);
    else positions[image] = residual;
    selected.push(image);
  }
  return new Plan(snapshot, Int32Array.from(selected), select.residuals, positions ?? few);
}

/** Finds, image by image, what is left of the filter. Equal leftovers share one residual. */
class Selection {
  readonly residuals: Residual[] = [];
  readonly #leaves: ReturnType<typeof imageLeaves>;
  readonly #node: Node;
  readonly #snapshot: Snapshot;
  readonly #byVerdicts = new Map<string | number, number>();
  readonly #byName = new Map<string, number>();
  readonly #residualsByName = new Map<string, Residual>();

  constructor(node: Node, snapshot: Snapshot) {
    this.#node = node;
    this.#snapshot = snapshot;
    this.#leaves = imageLeaves(node);
  }

  /** Position in `residuals`; -1 = no finding of the image can pass. */
  of(image: number): number {
    const key = this.#verdicts(image);
    let position = this.#byVerdicts.get(key);
    if (position === undefined) {
      position = this.#position(image);
      this.#byVerdicts.set(key, position);
    }
    return position;
  }

  #verdicts(image: number): string | number {
    const leaves = this.#leaves;
    if (leaves.length > 30) return leaves.map((leaf) => (leaf.test(image) ? '1' : '0')).join('');
    let bits = 0;
    for (let at = 0; at < leaves.length; at++) if (leaves[at]?.test(image)) bits |= 1 << at;
    return bits;
  }

  #position(image: number): number {
    const node = replaced(this.#node, (leaf) => (leaf.kind === 'image' ? (leaf.test(image) ? always : never) : leaf));
    if (node.kind === 'const' && !node.value) return -1;
    const name = nameOf(node);
    let position = this.#byName.get(name);
    if (position === undefined) {
      const residual = residualOf(node, this.#snapshot, this.#residualsByName);
      this.#residualsByName.set(name, residual);
      position = this.residuals.push(residual) - 1;
      this.#byName.set(name, position);
    }
    return position;
  }
}

/** Images that a filter can select at most, rising, where it names few of them; null = all. */
function candidatesOf(filter: Filter, snapshot: Snapshot): readonly number[] | null {
  const parts = 'and' in filter ? filter.and : [filter];
  const { images } = snapshot;
  let best: readonly number[] | null = null;
  for (const part of parts) {
    if (!('field' in part) || part.op !== 'in' || isNumberTest(part)) continue;
    const found = candidatesOfTest(part.field, part.values, snapshot);
    if (found !== null && (best === null || found.length < best.length)) best = found;
  }
  return best === null ? null : [...new Set(best)].filter((slot) => slot < images.count).sort((a, b) => a - b);
}

function isNumberTest(test: FieldTest): test is FieldTest & { readonly field: NumberField } {
  return 'values' in test && typeof test.values[0] === 'number';
}

function candidatesOfTest(field: string, values: readonly string[], snapshot: Snapshot): number[] | null {
  const { images } = snapshot;
  if (field === 'image.uuid') return values.flatMap((uuid) => images.byUuid.get(uuid) ?? []);
  if (field !== 'repository.path' && field !== 'repository.id') return null;
  const wanted = new Set(values);
  return images.repositories.flatMap((repository, slot) =>
    wanted.has(field === 'repository.path' ? repository.path : repository.extId)
      ? [...images.ofRepository.row(slot)]
      : [],
  );
}
