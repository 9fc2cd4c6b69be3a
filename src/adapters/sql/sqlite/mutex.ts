/** First come, first served. */
export class Mutex {
  readonly #waiting: (() => void)[] = [];
  #held = false;

  /** Resolves to the function that gives the lock back; calling that twice does nothing. */
  async lock(): Promise<() => void> {
    if (this.#held) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#held = true;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const next = this.#waiting.shift();
      // The lock passes on without ever being free, so that nobody can slip in between.
      if (next === undefined) this.#held = false;
      else next();
    };
  }
}
