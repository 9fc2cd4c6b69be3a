import type { ImageTest } from './image-tests.ts';
import type { Mask } from './match-tests.ts';

/** A filter ready to run. Leaves are numbered, so that two simplified trees can be compared. */
export type Node =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Node[] }
  | { readonly kind: 'not'; readonly part: Node }
  | { readonly kind: 'const'; readonly value: boolean }
  | { readonly kind: 'image'; readonly id: number; readonly test: ImageTest }
  | { readonly kind: 'match'; readonly id: number; readonly mask: Mask }
  /** By number of the evidence (path, layer). */
  | { readonly kind: 'evidence'; readonly id: number; readonly test: (evidence: number) => boolean }
  /** By image and vulnerability. */
  | { readonly kind: 'pair'; readonly id: number; readonly pairs: ReadonlyMap<number, ReadonlySet<number>> }
  | { readonly kind: 'handled'; readonly value: boolean };

/** Passes everything. */
export const always: Node = { kind: 'const', value: true };
/** Passes nothing. */
export const never: Node = { kind: 'const', value: false };

/** An `and` or `or` without needless parts. */
export function joined(kind: 'and' | 'or', parts: readonly Node[]): Node {
  const absorbing = kind === 'or';
  const rest: Node[] = [];
  for (const part of parts) {
    if (part.kind === 'const') {
      if (part.value === absorbing) return absorbing ? always : never;
    } else if (part.kind === kind) {
      rest.push(...part.parts);
    } else {
      rest.push(part);
    }
  }
  if (rest.length === 0) return absorbing ? never : always;
  return rest.length === 1 ? (rest[0] as Node) : { kind, parts: rest };
}

/** The opposite. */
export function negated(part: Node): Node {
  if (part.kind === 'const') return part.value ? never : always;
  return part.kind === 'not' ? part.part : { kind: 'not', part };
}

/** The tree with some leaves replaced, simplified. */
export function replaced(node: Node, leaf: (node: Node) => Node): Node {
  if (node.kind === 'and' || node.kind === 'or') {
    return joined(
      node.kind,
      node.parts.map((part) => replaced(part, leaf)),
    );
  }
  if (node.kind === 'not') return negated(replaced(node.part, leaf));
  return leaf(node);
}

/** Calls for every leaf. */
export function forEachLeaf(node: Node, visit: (leaf: Node) => void): void {
  if (node.kind === 'and' || node.kind === 'or') for (const part of node.parts) forEachLeaf(part, visit);
  else if (node.kind === 'not') forEachLeaf(node.part, visit);
  else visit(node);
}

/** A text that is equal exactly for equal trees of one filter. */
export function nameOf(node: Node): string {
  switch (node.kind) {
    case 'and':
    case 'or':
      return `${node.kind}(${node.parts.map(nameOf).join()})`;
    case 'not':
      return `-${nameOf(node.part)}`;
    case 'const':
    case 'handled':
      return `${node.kind}:${node.value}`;
    default:
      return String(node.id);
  }
}
