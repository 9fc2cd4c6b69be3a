import { createHash } from 'node:crypto';
import type { Diagnostic } from '../../kernel/index.ts';
import { algorithmOf, type Digest, DigestError, finishDigest } from '../digest.ts';
import type { LayerHandle } from '../sources/contract.ts';
import type { LayerLimits, LayerVisitor, LayerWalk } from './contract.ts';
import { type Decompressed, decompressLayer } from './decompress.ts';
import { type Delivery, type DeliveryContext, startDelivery } from './delivery.ts';
import { checkHeap, heapShareForLayers } from './heap-guard.ts';
import { defaultLayerLimits } from './limits.ts';
import type { TarParser } from './tar-contract.ts';
import { createTarParser } from './tar-reader.ts';
import { TreeCollector } from './tree-collector.ts';

/** How a layer is walked. */
export interface WalkOptions {
  /** Ends the walk; also carries the limit on wall time. */
  readonly signal: AbortSignal;
  readonly limits?: LayerLimits;
  /**
   * Hash the uncompressed bytes too and compare them with the config's claim. For an uncompressed layer the diff-id
   * is known anyway.
   */
  readonly computeDiffId?: boolean;
  /** Called with the compressed bytes read so far. */
  readonly onBytes?: (compressed: number) => void;
  /** Whether a path is a package database, which may be larger than other whole files. */
  readonly isDatabase?: (path: string) => boolean;
}

/** More problems of one layer than these are counted, not listed. */
const listedDiagnostics = 5000;

/**
 * Reads one layer once: stored bytes → decompression → tar → tree and visitors. Nothing is written anywhere. The
 * stream is read to its very end, so the source has verified the layer's digest before any result is returned.
 * @throws LayerError for a layer over its limits or damaged; DigestError `digest_mismatch` when the unpacked bytes
 *   are not those of the config; what the source fails with (its `digest_mismatch` included)
 */
export async function walkLayer(
  layer: LayerHandle,
  visitors: readonly LayerVisitor<unknown>[],
  options: WalkOptions,
): Promise<LayerWalk> {
  const { signal, limits = defaultLayerLimits } = options;
  const list = new DiagnosticList(layer.descriptor.digest);
  const source = await decompressLayer(() => layer.open(signal), { limits, signal, onBytes: options.onBytes });
  const collector = new TreeCollector((diagnostic) => list.add(diagnostic));
  const context: DeliveryContext = {
    visitors,
    wholeLimit: (path) => (options.isDatabase?.(path) ? limits.databaseFile : limits.wholeFile),
    report: (diagnostic) => list.add(diagnostic),
  };
  const parser = createTarParser(limits);
  const hash =
    options.computeDiffId && source.compression !== 'none' ? createHash(algorithmOf(layer.diffId)) : undefined;
  const pass = new Pass(parser, collector, context);
  try {
    for await (const chunk of source.chunks) {
      hash?.update(chunk);
      const waiting = pass.feed(chunk);
      if (waiting !== undefined) await orAborted(waiting, signal);
      checkHeap(heapShareForLayers);
    }
    parser.finish();
    for (const visitor of visitors) await visitor.settle?.();
  } finally {
    pass.cut();
  }
  for (const diagnostic of [...parser.diagnostics, ...source.diagnostics]) list.add(diagnostic);
  const diffId = hash ? finishDigest(hash, algorithmOf(layer.diffId)) : knownDiffId(source, layer);
  if (options.computeDiffId) checkDiffId(layer, diffId);
  return {
    tree: collector.tree,
    results: new Map(visitors.map((visitor) => [visitor.id, visitor.finish()])),
    diffId,
    compressedBytes: source.stats.compressedBytes,
    uncompressedBytes: source.stats.uncompressedBytes,
    diagnostics: list.all(),
  };
}

function knownDiffId(source: Decompressed, layer: LayerHandle): Digest | undefined {
  return source.compression === 'none' ? layer.descriptor.digest : undefined;
}

function checkDiffId(layer: LayerHandle, diffId: Digest | undefined): void {
  // Two algorithms for the same bytes cannot be compared; the descriptor's digest has been verified then.
  if (diffId === undefined || diffId === layer.diffId || algorithmOf(diffId) !== algorithmOf(layer.diffId)) return;
  throw new DigestError(
    'digest_mismatch',
    `layer ${layer.descriptor.digest} unpacks to ${diffId}, but the image config says ${layer.diffId}`,
    { hint: 'the image is damaged or forged; pull it again from its origin' },
  );
}

/** Moves chunks through the tar parser to the visitors; waits only when a visitor asks for it. */
class Pass {
  readonly #parser: TarParser;
  readonly #collector: TreeCollector;
  readonly #context: DeliveryContext;
  #delivery: Delivery | undefined;

  constructor(parser: TarParser, collector: TreeCollector, context: DeliveryContext) {
    this.#parser = parser;
    this.#collector = collector;
    this.#context = context;
  }

  /** A promise when the chunk could not be used up at once. */
  feed(chunk: Uint8Array): Promise<void> | undefined {
    this.#parser.feed(chunk);
    const waiting = this.#drive();
    return waiting && this.#driveOn(waiting);
  }

  async #driveOn(first: Promise<unknown>): Promise<void> {
    for (let waiting: Promise<unknown> | undefined = first; waiting !== undefined; waiting = this.#drive()) {
      await waiting;
    }
  }

  /** Handles events until the chunk is used up (undefined) or a visitor must be waited for. */
  #drive(): Promise<unknown> | undefined {
    const parser = this.#parser;
    for (;;) {
      const event = parser.next();
      let waiting: Promise<unknown> | undefined;
      if (event.kind === 'more') return undefined;
      if (event.kind === 'entry') {
        this.#delivery = this.#collector.add(event.entry) ? startDelivery(event.entry, this.#context) : undefined;
        if (this.#delivery === undefined) parser.skip();
        else if (!this.#delivery.wantsMore()) waiting = this.#end(true);
      } else if (event.kind === 'data') {
        waiting = this.#delivery?.chunk(event.bytes);
        if (this.#delivery?.wantsMore() === false) {
          const before = waiting;
          const ending = this.#end(true);
          waiting = before && ending ? Promise.all([before, ending]) : (before ?? ending);
        }
      } else waiting = this.#end(false);
      if (waiting !== undefined) return waiting;
    }
  }

  #end(skipRest: boolean): Promise<unknown> | undefined {
    const waiting = this.#delivery?.end();
    this.#delivery = undefined;
    if (skipRest) this.#parser.skip();
    return waiting;
  }

  /** Releases streaming visitors when the archive ended, or the walk failed, in the middle of a file. */
  cut(): void {
    this.#delivery?.cut();
    this.#delivery = undefined;
  }
}

class DiagnosticList {
  readonly #layer: Digest;
  readonly #items: Diagnostic[] = [];
  #more = 0;
  #partial = false;

  constructor(layer: Digest) {
    this.#layer = layer;
  }

  add(diagnostic: Diagnostic): void {
    if (this.#items.length < listedDiagnostics) this.#items.push({ ...diagnostic, layer: this.#layer });
    else {
      this.#more++;
      this.#partial ||= diagnostic.partial ?? false;
    }
  }

  all(): readonly Diagnostic[] {
    if (this.#more === 0) return this.#items;
    const message = `${this.#more} more problems of this layer are not listed`;
    const rest = { code: 'more_problems', layer: this.#layer, message, ...(this.#partial && { partial: true }) };
    return [...this.#items, rest];
  }
}

/** A visitor that never finishes must not outlive the limit on wall time. */
function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
