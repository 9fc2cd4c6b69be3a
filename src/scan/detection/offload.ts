import type { Analysis } from '../../ecosystems/index.ts';
import type { ContentSink, FileContent, FileEntry, Interest, LayerVisitor } from '../../image/index.ts';
import { type Diagnostic, messageOf } from '../../kernel/index.ts';
import type { ThreadFacts, ThreadWalk, VisitorThread } from '../ports.ts';

/** Code of the diagnostic for a thread that died: it says something of this scan and nothing of the layer. */
export const threadFailed = 'detector_failed';

/** Larger files are handed over in steps that wait; smaller ones at once, which costs a fifth. */
const atOnce = 4 * 1024 * 1024;

/**
 * Stands in a walk for visitors that work in another thread: asks visitors of its own what they want, and passes that on.
 * A thread that dies costs the facts of these analyses, never the walk.
 */
export class OffloadedVisitor implements LayerVisitor<ThreadFacts> {
  readonly id = '(thread)';
  readonly version = 1;
  readonly #visitors: readonly LayerVisitor<unknown>[];
  readonly #walk: ThreadWalk;
  #files = 0;
  #found: ThreadFacts = { facts: new Map(), diagnostics: [] };

  constructor(analyses: readonly Analysis[], thread: VisitorThread) {
    this.#visitors = analyses.map((analysis) => analysis.visitor());
    this.#walk = thread.walk(analyses.map(({ id }) => id));
  }

  wants(entry: FileEntry): Interest {
    let most: Interest = 'skip';
    for (const visitor of this.#visitors) {
      const interest = visitor.wants(entry);
      if (interest === 'head' && most === 'skip') most = 'head';
      else if (interest !== 'head' && interest !== 'skip') return entry.size <= atOnce ? 'sink' : 'stream';
    }
    return most;
  }

  async file(entry: FileEntry, content: FileContent): Promise<void> {
    const file = this.#files++;
    this.#walk.start(file, entry);
    if (content.kind === 'bytes') this.#walk.chunk(file, content.bytes);
    else {
      for await (const chunk of content.chunks) {
        this.#walk.chunk(file, chunk);
        await this.#walk.room();
      }
    }
    this.#walk.end(file);
  }

  sink(entry: FileEntry): ContentSink {
    const walk = this.#walk;
    const file = this.#files++;
    walk.start(file, entry);
    return {
      chunk(bytes) {
        walk.chunk(file, bytes);
        return true;
      },
      end: () => walk.end(file),
      pending: () => walk.room(),
    };
  }

  async settle(): Promise<void> {
    try {
      this.#found = await this.#walk.finish();
    } catch (error) {
      const message = `content could not be looked at: ${messageOf(error)}`;
      const failure: Diagnostic = { code: threadFailed, message, partial: true };
      this.#found = { facts: new Map(), diagnostics: [failure] };
    }
  }

  finish(): ThreadFacts {
    return this.#found;
  }

  /** The walk failed: what the other thread holds for it is let go. */
  cancel(): void {
    this.#walk.cancel();
  }
}
