import type { FieldTest, Filter } from '../contract.ts';
import { QueryError } from '../errors.ts';
import type { Pacer } from '../estate/pacer.ts';
import type { Snapshot } from '../estate/snapshot.ts';
import { checkFilter, normaliseFilter } from '../grammar/index.ts';
import { imageTest, textTest } from './image-tests.ts';
import { matchMask } from './match-tests.ts';
import { forEachLeaf, joined, type Node, negated, never } from './nodes.ts';
import type { Tallies } from './tallies.ts';

/** Facts of filters that stand outside of the snapshot: image slot → vulnerability slots. */
export interface Pairs {
  /** Findings with a fix task under way. */
  readonly fixing: ReadonlyMap<number, ReadonlySet<number>>;
  /** Records by their integer ids. */
  record(id: number): { readonly image: number; readonly vulnerability: number } | undefined;
}

/** Most tests of fields of the finding in one filter: each takes a byte per match. */
const maskLimit = 100;

/** Turns a filter into a tree of prepared tests. @throws QueryError when it cannot be answered */
export async function compileFilter(
  filter: Filter,
  snapshot: Snapshot,
  tallies: Tallies | null,
  pairs: Pairs,
  pacer: Pacer,
): Promise<Node> {
  checkFilter(filter);
  let ids = 0;
  let masks = 0;
  const leaf = async (test: FieldTest): Promise<Node> => {
    const id = ids++;
    if ('values' in test && test.values.length === 0) return never;
    const ofImage = imageTest(test, snapshot, tallies);
    if (ofImage !== null) return { kind: 'image', id, test: ofImage };
    const mask = await matchMask(test, snapshot.matches, pacer);
    if (mask !== null) {
      if (++masks > maskLimit) {
        throw new QueryError('filter_limit', `a filter asks at most ${maskLimit} things of findings`);
      }
      return { kind: 'match', id, mask };
    }
    return pairOrEvidence(test, id, snapshot, pairs);
  };
  const node = async (part: Filter): Promise<Node> => {
    if ('field' in part) return leaf(part);
    if ('not' in part) return negated(await node(part.not));
    const kind = 'and' in part ? 'and' : 'or';
    const parts: Node[] = [];
    for (const inner of 'and' in part ? part.and : part.or) parts.push(await node(inner));
    return joined(kind, parts);
  };
  return grouped(await node(normaliseFilter(filter)), () => ids++);
}

function pairOrEvidence(test: FieldTest, id: number, snapshot: Snapshot, pairs: Pairs): Node {
  if (test.field === 'handled' && test.op === 'is') return { kind: 'handled', value: test.value };
  if (test.field === 'fixing' && test.op === 'is') {
    const node: Node = { kind: 'pair', id, pairs: pairs.fixing };
    return test.value ? node : negated(node);
  }
  if (test.field === 'path' || test.field === 'layer') {
    const passes = textTest(test.op as 'in', (test as { values: readonly string[] }).values);
    const { evidenceFacts } = snapshot.contents;
    const field = test.field;
    return { kind: 'evidence', id, test: (evidence) => passes(evidenceFacts.at(evidence)?.[field] ?? null) };
  }
  if (test.field !== 'finding.id') throw new QueryError('filter_field', `${test.field} cannot be asked for here`);
  if (test.op !== 'in') throw new QueryError('filter_syntax', 'finding.id can only be compared exactly');
  const found = new Map<number, Set<number>>();
  for (const value of test.values) {
    const pair = pairs.record(value as number);
    if (pair !== undefined) found.set(pair.image, (found.get(pair.image) ?? new Set()).add(pair.vulnerability));
  }
  return { kind: 'pair', id, pairs: found };
}

/** Makes one test of all parts of an `and` or `or` that ask about the image only. */
function grouped(node: Node, nextId: () => number): Node {
  if (node.kind === 'not') {
    const part = grouped(node.part, nextId);
    return part.kind === 'image' ? { ...part, id: nextId(), test: (slot) => !part.test(slot) } : negated(part);
  }
  if (node.kind !== 'and' && node.kind !== 'or') return node;
  const parts = node.parts.map((part) => grouped(part, nextId));
  const tests = parts.flatMap((part) => (part.kind === 'image' ? [part.test] : []));
  if (tests.length < 2) return joined(node.kind, parts);
  const test =
    node.kind === 'and'
      ? (slot: number) => tests.every((part) => part(slot))
      : (slot: number) => tests.some((part) => part(slot));
  return joined(node.kind, [{ kind: 'image', id: nextId(), test }, ...parts.filter((part) => part.kind !== 'image')]);
}

/** The numbered leaves that ask about the image. */
export function imageLeaves(node: Node): (Node & { kind: 'image' })[] {
  const found = new Map<number, Node & { kind: 'image' }>();
  forEachLeaf(node, (leaf) => {
    if (leaf.kind === 'image') found.set(leaf.id, leaf);
  });
  return [...found.values()];
}

/** Whether the filter, or part of it, names one of the fields. */
export function namesField(filter: Filter, wanted: ReadonlySet<string>): boolean {
  if ('field' in filter) return wanted.has(filter.field);
  if ('not' in filter) return namesField(filter.not, wanted);
  return ('and' in filter ? filter.and : filter.or).some((part) => namesField(part, wanted));
}
