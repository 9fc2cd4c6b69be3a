import type { Snapshot } from '../estate/snapshot.ts';
import { type Mask, maskNumber } from './match-tests.ts';
import { always, forEachLeaf, type Node, nameOf, never, replaced } from './nodes.ts';

/**
 * What is left of a filter when the image is known: which of its matches pass. Images that leave the same are answered by
 * the same masks; a mask has one byte per match and is worked out when first needed.
 */
export class Residual {
  readonly node: Node;
  /** Every match passes, whatever the rules. */
  readonly all: boolean;
  /** No match passes. */
  readonly none: boolean;
  readonly byEvidence: boolean;
  readonly byHandled: boolean;
  readonly byPair: boolean;
  readonly #snapshot: Snapshot;
  readonly #masks: (Mask | undefined)[] = [];
  #general: Mask | undefined;
  #counts: Int32Array | undefined;
  readonly #ofEvidence = new Map<number, Residual>();
  readonly #ofPairs = new Map<string, Residual>();
  readonly #byName: Map<string, Residual>;

  constructor(node: Node, snapshot: Snapshot, byName: Map<string, Residual>) {
    this.node = node;
    this.#snapshot = snapshot;
    this.#byName = byName;
    this.all = node.kind === 'const' && node.value;
    this.none = node.kind === 'const' && !node.value;
    const kinds = new Set<Node['kind']>();
    forEachLeaf(node, (leaf) => kinds.add(leaf.kind));
    this.byEvidence = kinds.has('evidence');
    this.byHandled = kinds.has('handled');
    this.byPair = kinds.has('pair');
  }

  /** What is left of it for one place of an image. */
  forEvidence(evidence: number): Residual {
    if (!this.byEvidence) return this;
    let own = this.#ofEvidence.get(evidence);
    if (own === undefined) {
      const node = replaced(this.node, (leaf) =>
        leaf.kind === 'evidence' ? (leaf.test(evidence) ? always : never) : leaf,
      );
      own = this.#named(node);
      this.#ofEvidence.set(evidence, own);
    }
    return own;
  }

  /** What is left of it for one (image, vulnerability). */
  forPair(image: number, vulnerability: number): Residual {
    if (!this.byPair) return this;
    let bits = '';
    const verdict = (leaf: Node): Node => {
      if (leaf.kind !== 'pair') return leaf;
      const has = leaf.pairs.get(image)?.has(vulnerability) === true;
      bits += has ? '1' : '0';
      return has ? always : never;
    };
    forEachLeaf(this.node, verdict);
    let own = this.#ofPairs.get(bits);
    if (own === undefined) {
      own = this.#named(replaced(this.node, verdict));
      this.#ofPairs.set(bits, own);
    }
    return own;
  }

  #named(node: Node): Residual {
    const name = nameOf(node);
    let residual = this.#byName.get(name);
    if (residual === undefined) {
      residual = new Residual(node, this.#snapshot, this.#byName);
      this.#byName.set(name, residual);
    }
    return residual;
  }

  /** Matches that pass when they are handled, or are not. Only for residuals without evidence and pairs. */
  mask(handled: boolean): Mask {
    const variant = this.byHandled && handled ? 1 : 0;
    let mask = this.#masks[variant];
    if (mask === undefined) {
      mask = evaluate(this.node, handled, this.#snapshot.matches.count);
      this.#masks[variant] = mask;
    }
    return mask;
  }

  /** Matches that pass in images without rules of their own. */
  general(): Mask {
    if (this.#general !== undefined) return this.#general;
    const open = this.mask(false);
    const { everywhere, anywhere } = this.#snapshot.rules;
    if (!this.byHandled || !anywhere) {
      this.#general = open;
      return open;
    }
    const handled = this.mask(true);
    const mask = open.slice();
    for (let match = 0; match < mask.length; match++) {
      if ((everywhere[match] as number) >= 0) mask[match] = handled[match] as number;
    }
    this.#general = mask;
    return mask;
  }

  /** How many matches of a set pass in images without rules of their own. */
  countOf(set: number): number {
    const { sets, matches } = this.#snapshot;
    this.#counts ??= new Int32Array(sets.count).fill(-1);
    const known = this.#counts[set] as number;
    if (known >= 0) return known;
    const mask = this.general();
    let sum = 0;
    const { start, length, values } = sets.packages;
    const begin = start[set] as number;
    const end = begin + (length[set] as number);
    for (let at = begin; at < end; at++) {
      const pkg = values[at] as number;
      const first = matches.ofPackage.start[pkg] as number;
      const last = first + (matches.ofPackage.length[pkg] as number);
      for (let index = first; index < last; index++) sum += mask[matches.ofPackage.values[index] as number] as number;
    }
    this.#counts[set] = sum;
    return sum;
  }
}

/** Residuals that many filters leave, with their masks and counts; so many are kept for each state of the estate. */
const keptResiduals = 24;
const shared = new WeakMap<Snapshot, Map<string, Residual>>();

/** The residual of a tree: the one of an earlier filter where both leave the same of fields with few values. */
export function residualOf(node: Node, snapshot: Snapshot, byName: Map<string, Residual>): Residual {
  const name = sharedName(node);
  if (name === null) return new Residual(node, snapshot, byName);
  const own = shared.get(snapshot) ?? new Map<string, Residual>();
  shared.set(snapshot, own);
  let residual = own.get(name);
  if (residual === undefined) {
    residual = new Residual(node, snapshot, new Map());
    for (const oldest of own.keys()) if (own.size >= keptResiduals) own.delete(oldest);
    own.set(name, residual);
  }
  return residual;
}

/** A text that is equal exactly for trees of equal masks; null when the tree holds something else. */
function sharedName(node: Node): string | null {
  switch (node.kind) {
    case 'const':
    case 'handled':
      return `${node.kind}:${node.value}`;
    case 'match': {
      const number = maskNumber(node.mask);
      return number === undefined ? null : String(number);
    }
    case 'not': {
      const part = sharedName(node.part);
      return part === null ? null : `-${part}`;
    }
    case 'and':
    case 'or': {
      const parts = node.parts.map(sharedName);
      return parts.includes(null) ? null : `${node.kind}(${parts.join()})`;
    }
    default:
      return null;
  }
}

function evaluate(node: Node, handled: boolean, count: number): Mask {
  switch (node.kind) {
    case 'const':
      return new Uint8Array(count).fill(node.value ? 1 : 0);
    case 'handled':
      return new Uint8Array(count).fill(node.value === handled ? 1 : 0);
    case 'match':
      return node.mask;
    case 'not':
      return evaluate(node.part, handled, count).map((value) => 1 - value);
    case 'and':
    case 'or': {
      const masks = node.parts.map((part) => evaluate(part, handled, count));
      const result = (masks[0] as Mask).slice();
      for (const mask of masks.slice(1)) {
        if (node.kind === 'and') for (let at = 0; at < count; at++) (result[at] as number) &= mask[at] as number;
        else for (let at = 0; at < count; at++) (result[at] as number) |= mask[at] as number;
      }
      return result;
    }
    default:
      throw new RangeError(`a mask cannot depend on ${node.kind}`);
  }
}
