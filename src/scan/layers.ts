import type { Analysis } from '../ecosystems/index.ts';
import {
  type Digest,
  DigestError,
  LayerError,
  type LayerHandle,
  type LayerLimits,
  type LayerTree,
  type LayerWalk,
  type WalkOptions,
  walkLayer,
} from '../image/index.ts';
import { type Diagnostic, mapLimit, messageOf, type Progress } from '../kernel/index.ts';
import { OffloadedVisitor, threadFailed } from './detection/offload.ts';
import { underAllNames, wantedAliases } from './hardlinks.ts';
import type { LayerAnalysisCache, ThreadFacts, VisitorThread } from './ports.ts';
import { type PackedTree, packTree, unpackTree } from './tree-codec.ts';

/** Everything that is known about one layer. */
export interface AnalysedLayer {
  readonly digest: Digest;
  readonly tree: LayerTree;
  /** Facts by analysis id. */
  readonly facts: ReadonlyMap<string, unknown>;
  readonly diagnostics: readonly Diagnostic[];
  /** Whether it was read now, known before, or left alone because it is not part of the image's distribution. */
  readonly effort: 'read' | 'known' | 'skipped';
  /** Compressed bytes read now. */
  readonly bytesRead: number;
}

export interface AnalyseOptions {
  readonly cache: LayerAnalysisCache;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Compare every layer's unpacked content with the config's claim. */
  readonly verifyDiffIds: boolean;
  readonly limits?: LayerLimits;
  /** Another thread that shares the work. */
  readonly thread?: VisitorThread;
}

/** Layers read at the same time: two, because unpacking occupies a core and its buffers are not small. */
const parallel = 2;
const layerMinutes = 10;

/** What the walk says besides the facts; cached under a name that no visitor has. */
const treeKey = { visitor: '(tree)', version: 2 } as const;

interface CachedTree {
  readonly tree: PackedTree;
  /** Digest of the unpacked bytes, where it was computed. */
  readonly diffId: Digest | null;
  readonly diagnostics: readonly Diagnostic[];
}

interface CachedFacts {
  readonly facts: unknown;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Answers every analysis for every layer, in order. Known answers come from the cache; a layer is read at most once,
 * and not at all when everything about it is known. A layer over its limits or damaged is empty and says so in its
 * diagnostics.
 * @throws DigestError, and what the source fails with: content that is not what it claims to be ends a scan
 */
export async function analyseLayers(
  layers: readonly LayerHandle[],
  analyses: readonly Analysis[],
  options: AnalyseOptions,
): Promise<AnalysedLayer[]> {
  const known = await mapLimit(layers, 8, (layer) => recall(layer, analyses, options));
  const counter = new ByteCounter(
    layers.filter((layer, index) => !layer.foreign && known[index]?.missing !== undefined),
    options.progress,
  );
  const running = new Map<string, Promise<AnalysedLayer>>();
  return mapLimit(layers, parallel, async (layer, index) => {
    const recalled = known[index];
    if (layer.foreign || recalled === undefined) return empty(layer, []);
    if (recalled.missing === undefined) return recalled.layer;
    // Another diff-id for the same bytes is another claim to check.
    const twinKey = `${layer.descriptor.digest} ${layer.diffId}`;
    const twin = running.get(twinKey);
    if (twin !== undefined) return { ...(await twin), effort: 'known', bytesRead: 0 };
    const reading = read(layer, recalled, options, counter);
    running.set(twinKey, reading);
    return reading;
  });
}

/** What the cache has about a layer; `missing` are the analyses that it has no answer for. */
interface Recalled {
  readonly layer: AnalysedLayer;
  readonly missing: readonly Analysis[] | undefined;
}

async function recall(layer: LayerHandle, analyses: readonly Analysis[], options: AnalyseOptions): Promise<Recalled> {
  const { digest } = layer.descriptor;
  if (layer.foreign) return { layer: empty(layer, []), missing: undefined };
  const cached = (await options.cache.get({ layer: digest, ...treeKey })) as CachedTree | undefined;
  const tree = cached && safely(() => unpackTree(cached.tree));
  if (cached === undefined || tree === undefined) return { layer: empty(layer, []), missing: analyses };
  if (options.verifyDiffIds) {
    if (cached.diffId === null) return { layer: empty(layer, []), missing: analyses };
    checkKnownDiffId(layer, cached.diffId);
  }
  const facts = new Map<string, unknown>();
  const diagnostics = [...cached.diagnostics];
  const missing: Analysis[] = [];
  for (const analysis of analyses) {
    const key = { layer: digest, visitor: analysis.id, version: analysis.version };
    const answer = (await options.cache.get(key)) as CachedFacts | undefined;
    if (answer === undefined) missing.push(analysis);
    else {
      facts.set(analysis.id, answer.facts);
      diagnostics.push(...answer.diagnostics);
    }
  }
  const analysed = { digest, tree, facts, diagnostics: distinct(diagnostics), effort: 'known' as const, bytesRead: 0 };
  return { layer: analysed, missing: missing.length === 0 ? undefined : missing };
}

async function read(
  layer: LayerHandle,
  recalled: Recalled,
  options: AnalyseOptions,
  counter: ByteCounter,
): Promise<AnalysedLayer> {
  const { digest } = layer.descriptor;
  const analyses = recalled.missing ?? [];
  try {
    const walk = await walkWithLinks(layer, analyses, options, (bytes) => counter.set(digest, bytes));
    const { tree, diagnostics } = walk;
    // The next scan has another thread.
    const lasting = diagnostics.filter(({ code }) => code !== threadFailed);
    const facts = new Map([...recalled.layer.facts, ...walk.results]);
    await Promise.all([
      options.cache.put({ layer: digest, ...treeKey }, {
        tree: packTree(tree),
        diffId: walk.diffId ?? null,
        diagnostics: lasting,
      } satisfies CachedTree),
      ...analyses
        .filter(({ id, remember }) => walk.results.has(id) && remember?.(walk.results.get(id)) !== false)
        .map(({ id, version }) => {
          const answer: CachedFacts = { facts: walk.results.get(id), diagnostics: lasting };
          return options.cache.put({ layer: digest, visitor: id, version }, answer);
        }),
    ]);
    const all = distinct([...recalled.layer.diagnostics, ...diagnostics]);
    return { digest, tree, facts, diagnostics: all, effort: 'read', bytesRead: walk.compressedBytes };
  } catch (error) {
    if (!(error instanceof LayerError)) throw error;
    const message = `layer ${digest} could not be read to its end: ${messageOf(error)}`;
    return { ...empty(layer, [{ code: error.code, layer: digest, message, partial: true }]), effort: 'read' };
  }
}

/** Walks a layer; once more, knowing the other names of files, where one of these is evidence that the first walk missed. */
async function walkWithLinks(
  layer: LayerHandle,
  analyses: readonly Analysis[],
  options: AnalyseOptions,
  onBytes: (bytes: number) => void,
): Promise<LayerWalk> {
  const settings = {
    signal: AbortSignal.any([options.signal, AbortSignal.timeout(layerMinutes * 60_000)]),
    computeDiffId: options.verifyDiffIds || isUncompressed(layer),
    onBytes,
    ...(options.limits && { limits: options.limits }),
  };
  const walk = await walkShared(layer, analyses, options.thread, settings);
  const byName = analyses.filter(({ byContent }) => byContent !== true);
  const visitors = () => byName.map((analysis) => analysis.visitor());
  const aliases = wantedAliases(walk.tree, visitors());
  if (aliases.size === 0) return walk;
  const again = await walkLayer(
    layer,
    visitors().map((visitor) => underAllNames(visitor, aliases)),
    settings,
  );
  return { ...again, results: new Map([...walk.results, ...again.results]) };
}

/** Walks a layer, and lets the other thread run those visitors that it knows. */
async function walkShared(
  layer: LayerHandle,
  analyses: readonly Analysis[],
  thread: VisitorThread | undefined,
  settings: WalkOptions,
): Promise<LayerWalk> {
  const away = analyses.filter(({ id }) => thread?.knows(id) === true);
  const visitors = analyses.filter((analysis) => !away.includes(analysis)).map((analysis) => analysis.visitor());
  if (thread === undefined || away.length === 0) return walkLayer(layer, visitors, settings);
  const offloaded = new OffloadedVisitor(away, thread);
  try {
    const walk = await walkLayer(layer, [...visitors, offloaded], settings);
    const { facts, diagnostics } = walk.results.get(offloaded.id) as ThreadFacts;
    const results = new Map([...walk.results, ...facts]);
    results.delete(offloaded.id);
    const told = diagnostics.map((diagnostic) => ({ ...diagnostic, layer: layer.descriptor.digest }));
    return { ...walk, results, diagnostics: [...walk.diagnostics, ...told] };
  } catch (error) {
    offloaded.cancel();
    throw error;
  }
}

function empty(layer: LayerHandle, diagnostics: readonly Diagnostic[]): AnalysedLayer {
  const tree: LayerTree = { entries: [], whiteouts: [], opaques: [] };
  return { digest: layer.descriptor.digest, tree, facts: new Map(), diagnostics, effort: 'skipped', bytesRead: 0 };
}

/** Such layers carry their diff-id as their digest: checking costs nothing. */
function isUncompressed(layer: LayerHandle): boolean {
  return !/[.+](gzip|zstd)$/.test(layer.descriptor.mediaType);
}

function checkKnownDiffId(layer: LayerHandle, diffId: Digest): void {
  if (diffId === layer.diffId || diffId.split(':', 1)[0] !== layer.diffId.split(':', 1)[0]) return;
  const { digest } = layer.descriptor;
  throw new DigestError(
    'digest_mismatch',
    `layer ${digest} unpacks to ${diffId}, but the image config says ${layer.diffId}`,
  );
}

/** A walk's diagnostics are kept with each of its answers; together they are told once. */
function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic]));
  return [...seen.values()];
}

function safely<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Adds up what all layers under way have read. */
class ByteCounter {
  readonly #total: number;
  readonly #progress: Progress;
  readonly #bytes = new Map<Digest, number>();

  constructor(layers: readonly LayerHandle[], progress: Progress) {
    const sizes = new Map(layers.map(({ descriptor }) => [descriptor.digest, descriptor.size]));
    this.#total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    this.#progress = progress;
  }

  set(layer: Digest, bytes: number): void {
    this.#bytes.set(layer, bytes);
    const done = [...this.#bytes.values()].reduce((sum, value) => sum + value, 0);
    this.#progress({ kind: 'progress', step: 'read', done, total: this.#total, unit: 'bytes' });
  }
}
