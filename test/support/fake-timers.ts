import type { Timers } from '../../src/jobs/index.ts';

/** Timers that stand still until a test moves them. */
export class FakeTimers implements Timers {
  #now = 0;
  #next = 0;
  readonly #waiting = new Map<number, { readonly at: number; readonly call: () => void }>();

  now = (): number => this.#now;

  after = (ms: number, call: () => void): (() => void) => {
    const id = this.#next++;
    this.#waiting.set(id, { at: this.#now + ms, call });
    return () => this.#waiting.delete(id);
  };

  /** Number of calls that are due some time. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Lets time pass; what is due is called in its order, and what follows from it gets its turn. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const due = [...this.#waiting]
        .filter(([, { at }]) => at <= end)
        .sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
      if (!due) break;
      const [id, { at, call }] = due;
      this.#waiting.delete(id);
      this.#now = at;
      call();
      await settle();
    }
    this.#now = end;
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}
