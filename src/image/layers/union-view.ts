import type { Diagnostic } from '../../kernel/index.ts';
import type { Digest } from '../digest.ts';
import type { LayerTree, UnionView, ViewEntry } from './contract.ts';
import { LayerError } from './errors.ts';
import { checkHeap, heapShareForView } from './heap-guard.ts';
import { applyLayer, type ShadowedEntry } from './layer-applier.ts';
import { imageEntryLimit } from './limits.ts';
import { baseName, joinPath, normalisePath, parentOf } from './names.ts';
import { impliedNode, pathOf, type Resolved, resolveNode, toViewEntry, type ViewNode } from './view-node.ts';

/** A merged view and what was noticed while merging. */
export interface BuiltUnionView extends UnionView {
  readonly diagnostics: readonly Diagnostic[];
}

/** Steps along paths that a build may take: about eight times what images need that have deep paths and many links. */
const stepLimit = { base: 2_000_000, perEntry: 64 } as const;
const listedDiagnostics = 5000;

/**
 * Merges layers, lowest first, into one file system (scanning.md §1.4, §1.5).
 * @param digests of the layers, to name them in diagnostics
 * @throws LayerError `too_many_entries`, `too_large` when links make the paths of the image too expensive to follow
 */
export function buildUnionView(trees: readonly LayerTree[], digests: readonly Digest[] = []): BuiltUnionView {
  const total = trees.reduce((sum, tree) => sum + tree.entries.length, 0);
  if (total > imageEntryLimit) {
    throw new LayerError('too_many_entries', `the image has ${total} entries; the limit is ${imageEntryLimit}`);
  }
  const root = impliedNode('', undefined, 0);
  const shadowed: ShadowedEntry[] = [];
  const diagnostics: Diagnostic[] = [];
  const counter = boundedCounter(stepLimit.base + total * stepLimit.perEntry);
  trees.forEach((tree, layer) => {
    const digest = digests[layer];
    const report = (diagnostic: Diagnostic): void => {
      if (diagnostics.length < listedDiagnostics)
        diagnostics.push(digest ? { ...diagnostic, layer: digest } : diagnostic);
    };
    applyLayer(tree, layer, { root, counter, shadowed, report });
  });
  return new NodeView(root, shadowed, diagnostics);
}

const stepsPerHeapCheck = 65_536;

function boundedCounter(limit: number): { step(): void } {
  let steps = 0;
  return {
    step() {
      if (++steps > limit) throw new LayerError('too_large', 'the links of the image are too entangled to follow');
      if (steps % stepsPerHeapCheck === 0) checkHeap(heapShareForView);
    },
  };
}

/** A single lookup is bounded by the links that it may follow. */
const uncounted = { step(): void {} };

class NodeView implements BuiltUnionView {
  readonly diagnostics: readonly Diagnostic[];
  readonly #root: ViewNode;
  readonly #shadowed: readonly ShadowedEntry[];

  constructor(root: ViewNode, shadowed: readonly ShadowedEntry[], diagnostics: readonly Diagnostic[]) {
    this.#root = root;
    this.#shadowed = shadowed;
    this.diagnostics = diagnostics;
  }

  entry(path: string): ViewEntry | undefined {
    const clean = normalisePath(path);
    if (clean === undefined) return undefined;
    if (clean === '') return toViewEntry(this.#root);
    const parent = existing(resolveNode(this.#root, parentOf(clean), uncounted));
    const node = parent?.children?.get(baseName(clean));
    return node && toViewEntry(node);
  }

  canonical(path: string): string | undefined {
    const clean = normalisePath(path);
    if (clean === undefined || clean === '') return clean;
    const parent = resolveNode(this.#root, parentOf(clean), uncounted);
    return parent && joinPath(pathOf(parent), baseName(clean));
  }

  resolve(path: string): ViewEntry | undefined {
    const clean = normalisePath(path);
    const node = clean === undefined ? undefined : existing(resolveNode(this.#root, clean, uncounted));
    return node && toViewEntry(node);
  }

  children(directory: string): readonly string[] {
    const node = existing(resolveNode(this.#root, directory, uncounted));
    return node?.children === undefined ? [] : [...node.children.keys()].sort();
  }

  *entries(): Generator<ViewEntry> {
    const open: ViewNode[] = [this.#root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node !== this.#root) yield toViewEntry(node);
      const { children } = node;
      if (children === undefined) continue;
      for (const name of [...children.keys()].sort().reverse()) open.push(children.get(name) as ViewNode);
    }
  }

  shadowed(): Iterable<ShadowedEntry> {
    return this.#shadowed;
  }
}

/** A path through something that is not a directory leads nowhere, as one to a missing name does. */
function existing(resolved: Resolved | undefined): ViewNode | undefined {
  return resolved !== undefined && resolved.missing.length === 0 ? resolved.node : undefined;
}
