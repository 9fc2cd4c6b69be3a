import { Worker } from 'node:worker_threads';
import { CodedError } from '../../kernel/index.ts';
import type { ThreadFacts, ThreadWalk, VisitorThread } from '../../scan/index.ts';
import type { FileEvent, FromThread, ToThread } from './protocol.ts';

/** Raised when the other thread has died, out of memory most likely. */
export class ThreadError extends CodedError<'thread_died'> {}

/** How the other thread is started. */
export interface VisitorThreadOptions {
  /** Module that calls `serveVisitors`. */
  readonly module: URL;
  /** Handed to it as `workerData`. */
  readonly data: unknown;
  readonly analyses: ReadonlySet<string>;
}

const blockBytes = 512 * 1024;
/** Blocks of one walk that are on their way: they bound the memory and even out files of different cost. */
const ahead = 16;
/** Heap of the other thread, MiB; what an image makes it need beyond that costs its findings. */
const threadHeap = 768;

/** A thread that is started at the first walk and ends with `close`. */
export function openVisitorThread(options: VisitorThreadOptions): VisitorThread & { close(): Promise<void> } {
  let worker: Worker | undefined;
  let walks = 0;
  const open = new Map<number, Walk>();
  const start = (): Worker => {
    const resourceLimits = { maxOldGenerationSizeMb: threadHeap };
    const started = new Worker(options.module, { workerData: options.data, resourceLimits });
    started.unref();
    const die = (cause: unknown): void => {
      if (worker === started) worker = undefined;
      const error = new ThreadError('thread_died', 'the thread that reads content has died', { cause });
      for (const walk of open.values()) walk.fail(error);
      open.clear();
    };
    started.on('message', (message: FromThread) => open.get(message.walk)?.take(message));
    started.on('error', die);
    started.on('exit', (code) => die(new Error(`exit code ${code}`)));
    return started;
  };
  return {
    knows: (analysis) => options.analyses.has(analysis),
    walk(analyses) {
      worker ??= start();
      const number = ++walks;
      const target = worker;
      const walk = new Walk(
        number,
        (message, transfer) => target.postMessage(message, transfer ?? []),
        () => {
          open.delete(number);
          if (open.size === 0) target.unref();
        },
      );
      if (open.size === 0) target.ref();
      open.set(number, walk);
      target.postMessage({ kind: 'walk', walk: number, analyses } satisfies ToThread);
      return walk;
    },
    async close() {
      await worker?.terminate();
    },
  };
}

type Send = (message: ToThread, transfer?: ArrayBuffer[]) => void;

/** Packs what happens into blocks, and waits when too many are on their way. */
class Walk implements ThreadWalk {
  readonly #number: number;
  readonly #send: Send;
  readonly #over: () => void;
  readonly #spare: ArrayBuffer[] = [];
  #block = new Uint8Array(blockBytes);
  #filled = 0;
  #events: FileEvent[] = [];
  #away = 0;
  #roomy: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  readonly #result = Promise.withResolvers<ThreadFacts>();
  #dead = false;

  constructor(number: number, send: Send, over: () => void) {
    this.#number = number;
    this.#send = send;
    this.#over = over;
    // Whoever asks is told; nobody may.
    this.#result.promise.catch(() => {});
  }

  start(file: number, entry: Parameters<ThreadWalk['start']>[1]): void {
    this.#events.push({ kind: 'start', file, entry });
  }

  chunk(file: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#filled === blockBytes) this.#flush();
      const part = bytes.subarray(at, at + blockBytes - this.#filled);
      this.#block.set(part, this.#filled);
      this.#events.push({ kind: 'bytes', file, from: this.#filled, to: this.#filled + part.length });
      this.#filled += part.length;
      at += part.length;
    }
  }

  end(file: number): void {
    this.#events.push({ kind: 'end', file });
    // Empty files fill no block.
    if (this.#events.length > 4096) this.#flush();
  }

  room(): Promise<void> | undefined {
    if (this.#dead || this.#away < ahead) return undefined;
    this.#roomy ??= Promise.withResolvers<void>();
    return this.#roomy.promise;
  }

  async finish(): Promise<ThreadFacts> {
    if (!this.#dead) {
      this.#flush();
      this.#send({ kind: 'finish', walk: this.#number });
    }
    return this.#result.promise;
  }

  cancel(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#send({ kind: 'cancel', walk: this.#number });
    this.#over();
  }

  /** A message of the thread about this walk. */
  take(message: FromThread): void {
    if (message.kind === 'used') {
      this.#away--;
      this.#spare.push(message.block);
      this.#makeRoom();
      return;
    }
    if (message.kind === 'found') this.#result.resolve(message);
    else this.#result.reject(new ThreadError('thread_died', message.message));
    this.#dead = true;
    this.#over();
    this.#makeRoom();
  }

  fail(error: ThreadError): void {
    this.#dead = true;
    this.#result.reject(error);
    this.#makeRoom();
  }

  #makeRoom(): void {
    if (!this.#dead && this.#away >= ahead) return;
    this.#roomy?.resolve();
    this.#roomy = undefined;
  }

  #flush(): void {
    if (this.#events.length === 0) return;
    const events = this.#events;
    this.#events = [];
    this.#filled = 0;
    if (this.#dead) return;
    const { buffer } = this.#block;
    this.#away++;
    this.#send({ kind: 'block', walk: this.#number, block: buffer, events }, [buffer]);
    this.#block = new Uint8Array(this.#spare.pop() ?? new ArrayBuffer(blockBytes));
  }
}
