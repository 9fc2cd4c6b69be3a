import { type Diagnostic, messageOf } from '../../kernel/index.ts';
import { Channel } from './channel.ts';
import type { ContentSink, FileContent, FileEntry, Interest, LayerVisitor } from './contract.ts';
import { LayerError } from './errors.ts';
import { displayPath } from './names.ts';

type Visitor = LayerVisitor<unknown>;
type Wanted = { readonly visitor: Visitor; readonly interest: Interest };
type Waiting = Promise<unknown> | undefined;

/** Bytes of a `head`. */
export const headBytes = 8192;

/** What a delivery needs from the walk. */
export interface DeliveryContext {
  readonly visitors: readonly Visitor[];
  /** Largest `whole` file that is handed out. */
  wholeLimit(path: string): number;
  report(diagnostic: Diagnostic): void;
}

/** The content of one entry on its way to the visitors that want it. */
export interface Delivery {
  /** False when the rest of the body can be skipped. */
  wantsMore(): boolean;
  /** A promise when a visitor has to be waited for. */
  chunk(bytes: Uint8Array): Waiting;
  end(): Waiting;
  /** The body was cut off: streaming visitors get an error, the others nothing. */
  cut(): void;
}

/** Asks the visitors; undefined when all skip the entry, which is the ordinary and fast case. */
export function startDelivery(entry: FileEntry, context: DeliveryContext): Delivery | undefined {
  let wanted: Wanted[] | undefined;
  for (const visitor of context.visitors) {
    const interest = ask(visitor, entry, context);
    if (interest === 'skip') continue;
    wanted ??= [];
    wanted.push({ visitor, interest });
  }
  if (wanted === undefined) return undefined;
  if (entry.sparse) {
    context.report({
      code: 'sparse_file',
      path: entry.path,
      message: `the content of the sparse file ${displayPath(entry.path)} was not looked at`,
      partial: true,
    });
    return undefined;
  }
  return new EntryDelivery(entry, wanted, context);
}

function ask(visitor: Visitor, entry: FileEntry, context: DeliveryContext): Interest {
  try {
    return visitor.wants(entry);
  } catch (error) {
    context.report(failed(visitor, entry, error));
    return 'skip';
  }
}

function failed(visitor: Visitor, entry: FileEntry, error: unknown): Diagnostic {
  const message = `${visitor.id} could not read ${displayPath(entry.path)}: ${messageOf(error)}`;
  return { code: 'visitor_failed', path: entry.path, message, partial: true };
}

class EntryDelivery implements Delivery {
  readonly #entry: FileEntry;
  readonly #context: DeliveryContext;
  readonly #whole: Visitor[] = [];
  readonly #heads: Visitor[] = [];
  readonly #streams: { channel: Channel; done: Promise<void> }[] = [];
  /** Those that want more. */
  readonly #sinks: { readonly visitor: Visitor; readonly sink: ContentSink }[] = [];
  readonly #pieces: Uint8Array[] = [];
  #held = 0;

  constructor(entry: FileEntry, wanted: readonly Wanted[], context: DeliveryContext) {
    this.#entry = entry;
    this.#context = context;
    for (const { visitor, interest } of wanted) {
      if (interest === 'head' || entry.type !== 'file') this.#heads.push(visitor);
      else if (interest === 'stream') this.#stream(visitor);
      else if (interest === 'sink') this.#sink(visitor);
      else if (entry.size <= context.wholeLimit(entry.path)) this.#whole.push(visitor);
      else this.#tooLarge(visitor);
    }
  }

  #tooLarge(visitor: Visitor): void {
    const { path, size } = this.#entry;
    const message = `${visitor.id} did not read ${displayPath(path)}: ${size} bytes are over the limit`;
    this.#context.report({ code: 'file_too_large', path, message, partial: true });
  }

  #stream(visitor: Visitor): void {
    const channel = new Channel();
    const done = this.#call(visitor, { kind: 'stream', chunks: channel }) ?? Promise.resolve();
    this.#streams.push({ channel, done: done.finally(() => channel.close()) });
  }

  #sink(visitor: Visitor): void {
    const sink = this.#attempt(visitor, () => visitor.sink?.(this.#entry));
    if (sink !== undefined) this.#sinks.push({ visitor, sink });
  }

  #attempt<T>(visitor: Visitor, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#context.report(failed(visitor, this.#entry, error));
      return undefined;
    }
  }

  /** Runs a visitor; what it throws becomes a diagnostic. */
  #call(visitor: Visitor, content: FileContent): Promise<void> | undefined {
    const report = (error: unknown): void => this.#context.report(failed(visitor, this.#entry, error));
    try {
      return visitor.file(this.#entry, content)?.catch(report);
    } catch (error) {
      report(error);
      return undefined;
    }
  }

  wantsMore(): boolean {
    return (
      this.#whole.length > 0 ||
      this.#sinks.length > 0 ||
      (this.#heads.length > 0 && this.#held < headBytes) ||
      this.#streams.some(({ channel }) => !channel.closed)
    );
  }

  chunk(bytes: Uint8Array): Waiting {
    const room = this.#whole.length > 0 ? bytes.length : this.#heads.length > 0 ? headBytes - this.#held : 0;
    if (room > 0) {
      // A copy: a view would keep the whole decompression buffer alive for a small file.
      const piece = Buffer.from(bytes.subarray(0, room));
      this.#pieces.push(piece);
      this.#held += piece.length;
    }
    let ending: Promise<void>[] | undefined;
    for (let i = this.#sinks.length - 1; i >= 0; i--) {
      const end = this.#feed(i, bytes);
      if (end === undefined) continue;
      ending ??= [];
      ending.push(end);
    }
    if (this.#streams.length === 0) return ending && Promise.all(ending);
    return Promise.all([...(ending ?? []), ...this.#streams.map(({ channel }) => channel.push(bytes))]);
  }

  #feed(index: number, bytes: Uint8Array): Promise<void> | undefined {
    const { visitor, sink } = this.#sinks[index] as { visitor: Visitor; sink: ContentSink };
    const more = this.#attempt(visitor, () => sink.chunk(bytes));
    if (more === true) return undefined;
    this.#sinks.splice(index, 1);
    return more === false ? this.#endSink(visitor, sink) : undefined;
  }

  #endSink(visitor: Visitor, sink: ContentSink): Promise<void> | undefined {
    const pending = this.#attempt(visitor, () => {
      sink.end();
      return sink.pending?.();
    });
    return pending?.catch((error) => this.#context.report(failed(visitor, this.#entry, error)));
  }

  end(): Waiting {
    const bytes = this.#pieces.length === 1 ? (this.#pieces[0] as Uint8Array) : Buffer.concat(this.#pieces);
    const waiting: Promise<unknown>[] = [];
    const add = (visitor: Visitor, content: FileContent): void => {
      const running = this.#call(visitor, content);
      if (running !== undefined) waiting.push(running);
    };
    for (const visitor of this.#whole) add(visitor, { kind: 'bytes', bytes, truncated: false });
    if (this.#heads.length > 0) {
      const head = bytes.subarray(0, headBytes);
      const truncated = this.#entry.size > head.length;
      for (const visitor of this.#heads) add(visitor, { kind: 'bytes', bytes: head, truncated });
    }
    for (const { visitor, sink } of this.#sinks.splice(0)) {
      const ending = this.#endSink(visitor, sink);
      if (ending !== undefined) waiting.push(ending);
    }
    for (const { channel, done } of this.#streams) {
      channel.end();
      waiting.push(done);
    }
    return waiting.length > 0 ? Promise.all(waiting) : undefined;
  }

  cut(): void {
    for (const { channel } of this.#streams) {
      channel.end(new LayerError('corrupt_layer', 'the archive ends in the middle of this file'));
    }
  }
}
