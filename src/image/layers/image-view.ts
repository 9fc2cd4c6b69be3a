import { type Diagnostic, mapLimit } from '../../kernel/index.ts';
import type { LayerHandle } from '../sources/contract.ts';
import type { ImageView, LayerLimits, LayerWalk, ViewEntry } from './contract.ts';
import { LayerError } from './errors.ts';
import { BodyCollector, bodiesLimit, HashCollector } from './file-collectors.ts';
import { type BuiltUnionView, buildUnionView } from './union-view.ts';
import { walkLayer } from './walk.ts';

/** How an image is read for fixing. */
export interface ImageViewOptions {
  /**
   * Whose bodies `small` gives. Asked with canonical paths; it may also be asked with the spelling of a layer, so it
   * must depend on the path alone.
   */
  readonly interest: (path: string) => boolean;
  readonly signal: AbortSignal;
  readonly limits?: LayerLimits;
  /** Verify every layer's diff-id; a mismatch fails with `digest_mismatch`. */
  readonly computeDiffId?: boolean;
  /** Called with the compressed bytes read so far, over all layers of the index pass. */
  readonly onBytes?: (compressed: number) => void;
}

/** An image opened for fixing. */
export interface OpenedImageView extends ImageView {
  readonly layers: readonly LayerHandle[];
  /** One for each layer, lowest first. */
  readonly walks: readonly LayerWalk[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Bodies by layer and path as spelled in that layer. */
type Bodies = ReadonlyMap<string, Uint8Array>;
/** Hashes by layer and path as spelled in that layer. */
type Hashes = Map<string, { readonly sha256: string; readonly md5: string }>;

/** One walk inflates on a pool thread while another parses. */
const parallelWalks = 2;

const keyOf = (layer: number, path: string): string => `${layer}/${path}`;

/**
 * The index pass of fix-engine.md §4: all layers are walked once; metadata goes into the view, bodies are kept only
 * where there is an interest.
 * @throws what {@link walkLayer} and {@link buildUnionView} throw
 */
export async function openImageView(
  image: { readonly layers: readonly LayerHandle[] },
  options: ImageViewOptions,
): Promise<OpenedImageView> {
  const { layers } = image;
  const collectors = layers.map(() => new BodyCollector(options.interest));
  const read = layers.map(() => 0);
  // From the top: what lies there hides what is below, so most bodies of lower layers need not be kept.
  const order = layers.map((_, index) => index).reverse();
  const hidden = new Set<string>();
  const walked = await mapLimit(order, parallelWalks, async (index) => {
    const collector = collectors[index] as BodyCollector;
    collector.hidden = hidden;
    const walk = await walkLayer(layers[index] as LayerHandle, [collector], {
      ...options,
      isDatabase: options.interest,
      onBytes: (bytes) => {
        read[index] = bytes;
        options.onBytes?.(read.reduce((sum, part) => sum + part, 0));
      },
    });
    for (const path of collector.bodies.keys()) hidden.add(path);
    return walk;
  });
  const bodies = new Map<string, Uint8Array>();
  collectors.forEach((collector, layer) => {
    for (const [path, bytes] of collector.bodies) bodies.set(keyOf(layer, path), bytes);
  });
  return complete(layers, walked.reverse(), bodies, options);
}

/**
 * The view with one more layer on top; only that layer is read. Self-check looks at the image as it will be.
 * @throws what {@link openImageView} throws
 */
export async function extendImageView(
  view: OpenedImageView,
  layer: LayerHandle,
  options: ImageViewOptions,
): Promise<OpenedImageView> {
  const index = view.layers.length;
  const collector = new BodyCollector(options.interest);
  // Who looks at one layer more asks for the hashes of most of its files next.
  const hasher = new HashCollector();
  const walk = await walkLayer(layer, [collector, hasher], { ...options, isDatabase: options.interest });
  const below = view instanceof LayeredView ? view : undefined;
  const bodies = new Map(below?.bodies);
  for (const [path, bytes] of collector.bodies) bodies.set(keyOf(index, path), bytes);
  const hashes = new Map(below?.hashes);
  for (const [path, hash] of hasher.hashes) hashes.set(keyOf(index, path), hash);
  return complete([...view.layers, layer], [...view.walks, walk], bodies, options, hashes);
}

async function complete(
  layers: readonly LayerHandle[],
  walks: readonly LayerWalk[],
  collected: Bodies,
  options: ImageViewOptions,
  hashes: Hashes = new Map(),
): Promise<OpenedImageView> {
  const trees = walks.map((walk) => walk.tree);
  const union = buildUnionView(
    trees,
    layers.map((layer) => layer.descriptor.digest),
  );
  const { visible, missing } = sortBodies(union, collected, options.interest);
  const fetched = await readBodies(layers, missing, options);
  const bodies = new Map([...visible, ...fetched]);
  const held = bodies.values().reduce((sum, body) => sum + body.length, 0);
  if (held > bodiesLimit) {
    throw new LayerError('too_large', `the files that the fix needs exceed ${bodiesLimit} bytes together`);
  }
  return new LayeredView(layers, walks, union, { bodies, hashes }, options);
}

/**
 * Which bodies of the merged view are there, and which are not: those whose path leads through a link, or that are
 * hard links to a file of another name.
 */
function sortBodies(
  union: BuiltUnionView,
  collected: Bodies,
  interest: (path: string) => boolean,
): { visible: Map<string, Uint8Array>; missing: Map<number, Set<string>> } {
  const visible = new Map<string, Uint8Array>();
  const missing = new Map<number, Set<string>>();
  for (const { path, content } of union.entries()) {
    if (content === undefined || !interest(path)) continue;
    const key = keyOf(content.layer, content.path);
    const body = collected.get(key);
    if (body !== undefined) visible.set(key, body);
    else addTo(missing, content.layer, content.path);
  }
  return { visible, missing };
}

function addTo(map: Map<number, Set<string>>, layer: number, path: string): void {
  const paths = map.get(layer);
  if (paths === undefined) map.set(layer, new Set([path]));
  else paths.add(path);
}

async function readBodies(
  layers: readonly LayerHandle[],
  wanted: ReadonlyMap<number, ReadonlySet<string>>,
  { signal, limits }: ImageViewOptions,
): Promise<Bodies> {
  const bodies = new Map<string, Uint8Array>();
  for (const [layer, paths] of wanted) {
    const collector = new BodyCollector((path) => paths.has(path));
    const options = { signal, ...(limits && { limits }), isDatabase: (path: string) => paths.has(path) };
    await walkLayer(layers[layer] as LayerHandle, [collector], options);
    for (const [path, bytes] of collector.bodies) bodies.set(keyOf(layer, path), bytes);
  }
  return bodies;
}

class LayeredView implements OpenedImageView {
  readonly layers: readonly LayerHandle[];
  readonly walks: readonly LayerWalk[];
  readonly bodies: Bodies;
  /** What is known already: layers never change, so nothing is hashed twice. */
  readonly hashes: Hashes;
  readonly diagnostics: readonly Diagnostic[];
  readonly #union: BuiltUnionView;
  readonly #options: ImageViewOptions;

  constructor(
    layers: readonly LayerHandle[],
    walks: readonly LayerWalk[],
    union: BuiltUnionView,
    known: { readonly bodies: Bodies; readonly hashes: Hashes },
    options: ImageViewOptions,
  ) {
    this.layers = layers;
    this.walks = walks;
    this.bodies = known.bodies;
    this.hashes = known.hashes;
    this.diagnostics = [...walks.flatMap((walk) => walk.diagnostics), ...union.diagnostics];
    this.#union = union;
    this.#options = options;
  }

  entry(path: string): ViewEntry | undefined {
    return this.#union.entry(path);
  }

  canonical(path: string): string | undefined {
    return this.#union.canonical(path);
  }

  resolve(path: string): ViewEntry | undefined {
    return this.#union.resolve(path);
  }

  children(directory: string): readonly string[] {
    return this.#union.children(directory);
  }

  entries(): Iterable<ViewEntry> {
    return this.#union.entries();
  }

  shadowed(): ReturnType<BuiltUnionView['shadowed']> {
    return this.#union.shadowed();
  }

  small(path: string): Uint8Array | undefined {
    const content = this.#union.entry(path)?.content;
    return content && this.bodies.get(keyOf(content.layer, content.path));
  }

  async digests(
    paths: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, { readonly sha256: string; readonly md5: string }>> {
    const owners = new Map<number, Set<string>>();
    const contents = new Map<string, string>();
    for (const path of paths) {
      const content = this.#union.entry(path)?.content;
      if (content === undefined) continue;
      const key = keyOf(content.layer, content.path);
      contents.set(path, key);
      if (!this.hashes.has(key)) addTo(owners, content.layer, content.path);
    }
    const { limits } = this.#options;
    await mapLimit(owners, parallelWalks, async ([layer, wanted]) => {
      const collector = new HashCollector(wanted);
      await walkLayer(this.layers[layer] as LayerHandle, [collector], { signal, ...(limits && { limits }) });
      for (const [path, hash] of collector.hashes) this.hashes.set(keyOf(layer, path), hash);
    });
    const result = new Map<string, { sha256: string; md5: string }>();
    for (const [path, key] of contents) {
      const hash = this.hashes.get(key);
      if (hash !== undefined) result.set(path, hash);
    }
    return result;
  }
}
