import type { EstateRevisions, EstateSource } from '../ports.ts';
import { advance, Lineage, type SnapshotTime } from './advance.ts';
import { Pacer } from './pacer.ts';
import type { Snapshot } from './snapshot.ts';

/** How the index keeps up. */
export interface EstateIndexOptions {
  /** ms since 1970. */
  readonly now: () => number;
  /** For exports that continue: everything as it was. */
  readonly pinned?: SnapshotTime['pinned'];
  /** How long a question waits in ms for a state that is newer than the one at hand; default 2000. */
  readonly patienceMs?: number;
  /** Told of a refresh that failed; the state at hand stays in use. */
  readonly onError?: (error: unknown) => void;
}

/**
 * The estate in memory. Every question asks for the revisions first, which is one cheap query, so answers follow each
 * commit; while a large change is being read, questions are answered with the state before it.
 */
export class EstateIndex {
  readonly #source: EstateSource;
  readonly #options: EstateIndexOptions;
  #lineage = new Lineage();
  /** State that the next one is made from; null after a failure, when `#snapshot` still answers. */
  #base: Snapshot | null = null;
  #snapshot: Snapshot | null = null;
  #running: Promise<Snapshot> | null = null;

  private constructor(source: EstateSource, options: EstateIndexOptions) {
    this.#source = source;
    this.#options = options;
  }

  /** Makes an index without reading anything: the first question waits until everything is read. */
  static lazy(source: EstateSource, options: EstateIndexOptions): EstateIndex {
    return new EstateIndex(source, options);
  }

  /** Makes an index and reads everything. */
  static async open(source: EstateSource, options: EstateIndexOptions): Promise<EstateIndex> {
    const index = new EstateIndex(source, options);
    await index.refresh();
    return index;
  }

  /** The state to answer from: as it is now, or as it was at most `patienceMs` plus one reading ago. */
  async current(): Promise<Snapshot> {
    const snapshot = this.#snapshot;
    if (snapshot === null) return this.refresh();
    if (this.#options.pinned != null) return snapshot;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), this.#options.patienceMs ?? 2000);
    });
    try {
      return (await Promise.race([this.#newest(), patience])) ?? this.#snapshot ?? snapshot;
    } catch (error) {
      this.#options.onError?.(error);
      return this.#snapshot ?? snapshot;
    } finally {
      clearTimeout(timer);
    }
  }

  /** A reading that is under way may have begun before the commit that the caller wants to see. */
  async #newest(): Promise<Snapshot> {
    if (this.#running !== null) await this.#running;
    const snapshot = this.#snapshot;
    if (snapshot === null) return this.refresh();
    const revisions = await this.#source.revisions();
    const same = equal(revisions, snapshot.revisions) && snapshot.rules.nextExpiry > this.#options.now();
    return same ? snapshot : this.refresh();
  }

  /** Reads what has changed; calls at the same time share one reading. */
  refresh(): Promise<Snapshot> {
    this.#running ??= this.#read().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #read(): Promise<Snapshot> {
    const time = { now: this.#options.now(), pinned: this.#options.pinned ?? null };
    try {
      this.#base = await advance(this.#source, this.#base, this.#lineage, time, new Pacer());
      this.#snapshot = this.#base;
      return this.#base;
    } catch (error) {
      // What was read halfway must not be built upon: the next reading begins with nothing.
      this.#lineage = new Lineage();
      this.#base = null;
      throw error;
    }
  }
}

function equal(a: EstateRevisions, b: EstateRevisions): boolean {
  return (
    a.inventory === b.inventory &&
    a.registries === b.registries &&
    a.ingest === b.ingest &&
    a.matches === b.matches &&
    a.rules === b.rules
  );
}
