/** What is wrong with a database, each kind once with how often it was met; the kinds are few and fixed. */
export class Problems {
  readonly #counts = new Map<string, number>();

  /** @param reason completes "package database x: …" */
  add(reason: string): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  /** For people, in the order of first appearance. */
  list(): string[] {
    return [...this.#counts].map(([reason, count]) => (count === 1 ? reason : `${reason} (${count} times)`));
  }
}
