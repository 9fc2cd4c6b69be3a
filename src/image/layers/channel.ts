/**
 * Hands chunks from the layer's single pass to one visitor that reads at its own pace: at most one chunk waits.
 * Whoever pushes waits until the visitor has taken the previous one, or has lost interest.
 */
export class Channel implements AsyncIterable<Uint8Array> {
  #waiting: Uint8Array | undefined;
  #ended = false;
  #closed = false;
  #failure: Error | undefined;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;

  /** Whether nobody reads any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Resolves when the chunk was taken; undefined when nobody reads any more. */
  push(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#closed) return undefined;
    this.#waiting = chunk;
    this.#wakeReader?.();
    return new Promise((resolve) => {
      this.#wakeWriter = resolve;
    });
  }

  /** No more chunks follow; with an error, because the content is incomplete. */
  end(failure?: Error): void {
    this.#ended = true;
    this.#failure = failure;
    this.#wakeReader?.();
  }

  /** The reader is done, whether it read everything or not. */
  close(): void {
    this.#closed = true;
    this.#waiting = undefined;
    this.#wakeWriter?.();
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: async () => {
        while (this.#waiting === undefined) {
          if (this.#closed) return { done: true, value: undefined };
          if (this.#ended) {
            if (this.#failure !== undefined) throw this.#failure;
            return { done: true, value: undefined };
          }
          await new Promise<void>((resolve) => {
            this.#wakeReader = resolve;
          });
        }
        const value = this.#waiting;
        this.#waiting = undefined;
        this.#wakeWriter?.();
        return { done: false, value };
      },
      return: async () => {
        this.close();
        return { done: true, value: undefined };
      },
    };
  }
}
