import { Worker } from 'node:worker_threads';
import type { GuessReply, GuessTask } from './guess-protocol.ts';

/** Runs from `src` and from `dist`: the name in a URL is not rewritten by the compiler. */
const workerUrl = new URL(import.meta.url.endsWith('.ts') ? './guess-worker.ts' : './guess-worker.js', import.meta.url);

/** Time for all accounts of an image together; the policy says how long for each. */
const imageSeconds = 120;

/** How the passwords of one hash were tried. */
export interface Guessed {
  /** Index of the password that fits; null when none of those that were tried does. */
  readonly found: number | null;
  readonly tried: number;
  /** What the hash says that a guess costs; null when it was not opened. */
  readonly cost: string | null;
  /** Why not all were tried; null when they were. */
  readonly open: { readonly code: 'scheme' | 'timeout'; readonly why: string } | null;
}

/**
 * Tries passwords in a thread of its own, hash after hash, each for at most so many seconds. A guess that takes longer is
 * ended with its thread: what a hash asks for is the image's to say.
 */
export async function guessPasswords(tasks: readonly GuessTask[], seconds: number): Promise<readonly Guessed[]> {
  const results: Guessed[] = [];
  const end = performance.now() + imageSeconds * 1000;
  let thread: GuessThread | undefined;
  try {
    for (const task of tasks) {
      const left = Math.min(seconds * 1000, end - performance.now());
      if (left <= 0) {
        results.push(timedOut(0, 0));
        continue;
      }
      thread ??= new GuessThread();
      const result = await thread.guess(task, left);
      results.push(result);
      if (!thread.alive) thread = undefined;
    }
  } finally {
    await thread?.end();
  }
  return results;
}

function timedOut(tried: number, ms: number): Guessed {
  const perGuess = tried === 0 ? '' : `, ${Math.round(ms / tried)} ms each`;
  return { found: null, tried, cost: null, open: { code: 'timeout', why: `${tried} candidates tried${perGuess}` } };
}

/** A worker that tries one task at a time. */
class GuessThread {
  alive = true;
  readonly #tried = new Int32Array(new SharedArrayBuffer(4));
  readonly #worker: Worker;
  /** Settles when the thread has read its code, or ended over it: that time is nobody's. */
  readonly #ready: Promise<unknown>;

  constructor() {
    this.#worker = new Worker(workerUrl, {
      workerData: this.#tried.buffer,
      resourceLimits: { maxOldGenerationSizeMb: 128 },
    });
    // A failure between two questions, or of a thread that is being ended, is told by the next answer or concerns nobody.
    this.#worker.on('error', () => {});
    this.#ready = new Promise((resolve) => {
      this.#worker.once('message', resolve);
      this.#worker.once('exit', (code) => {
        this.alive = false;
        resolve(code);
      });
    });
  }

  async guess(task: GuessTask, ms: number): Promise<Guessed> {
    await this.#ready;
    const reply = this.alive ? await this.#ask(task, ms) : 'failed';
    const tried = Atomics.load(this.#tried, 0);
    if (reply === 'timeout' || reply === 'failed') {
      await this.end();
      if (reply === 'timeout') return timedOut(tried, ms);
      return { found: null, tried, cost: null, open: { code: 'scheme', why: 'the thread that tried it failed' } };
    }
    if (reply.kind === 'closed') return { found: null, tried, cost: null, open: { code: 'scheme', why: reply.why } };
    return { found: reply.found, tried, cost: reply.cost, open: null };
  }

  #ask(task: GuessTask, ms: number): Promise<GuessReply | 'timeout' | 'failed'> {
    Atomics.store(this.#tried, 0, 0);
    const worker = this.#worker;
    return new Promise((resolve) => {
      const settle = (reply: GuessReply | 'timeout' | 'failed'): void => {
        clearTimeout(timer);
        // One by one: a worker listens to itself as well.
        worker.off('message', settle).off('error', failed).off('exit', failed);
        resolve(reply);
      };
      const failed = (): void => settle('failed');
      const timer = setTimeout(() => settle('timeout'), ms);
      worker.on('message', settle).on('error', failed).on('exit', failed);
      worker.postMessage(task);
    });
  }

  async end(): Promise<void> {
    this.alive = false;
    await this.#worker.terminate();
  }
}
