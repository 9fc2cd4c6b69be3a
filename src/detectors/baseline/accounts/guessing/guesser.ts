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

  constructor() {
    this.#worker = new Worker(workerUrl, {
      workerData: this.#tried.buffer,
      resourceLimits: { maxOldGenerationSizeMb: 128 },
    });
  }

  async guess(task: GuessTask, ms: number): Promise<Guessed> {
    const reply = await this.#ask(task, ms);
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
    return new Promise((resolve) => {
      const settle = (reply: GuessReply | 'timeout' | 'failed'): void => {
        clearTimeout(timer);
        this.#worker.removeAllListeners();
        // A late failure of a thread that is being ended concerns nobody.
        this.#worker.on('error', () => {});
        resolve(reply);
      };
      const timer = setTimeout(() => settle('timeout'), ms);
      this.#worker.on('message', (reply: GuessReply) => settle(reply));
      this.#worker.on('error', () => settle('failed'));
      this.#worker.on('exit', () => settle('failed'));
      this.#worker.postMessage(task);
    });
  }

  async end(): Promise<void> {
    this.alive = false;
    await this.#worker.terminate();
  }
}
