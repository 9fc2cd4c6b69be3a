import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { VolatileStore } from '../ports.ts';

/** Who tries from where. `name` is an access key id or a user name. */
export interface Attempt {
  readonly kind: 'key' | 'user';
  readonly name: string;
  readonly address: string;
}

/**
 * After how many failures in a row a subject is locked. The pair is strict. The others are there for attacks that are
 * spread out; they are wide, because a stranger who knows a name or shares an address must not lock its owner out.
 */
const thresholds = { pair: 5, address: 50, name: 200 };
const firstLockMs = 15_000;
const longestLockMs = 3_600_000;
/** A series of failures is forgotten after so much quiet. */
export const decayMs = 24 * 3_600_000;

type Subjects = Readonly<Record<keyof typeof thresholds, string>>;

/** Lock-outs that grow with every failure, are shared by all nodes and survive restarts. */
export class Lockout {
  readonly #store: VolatileStore;
  readonly #now: () => number;
  /** Pairs of which nothing was stored when they were last asked for: most successes need no look. */
  readonly #clean = new Set<string>();

  constructor(store: VolatileStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** ms until the next attempt is looked at; 0 = now. */
  async lockedFor(attempt: Attempt): Promise<number> {
    const subjects = subjectsOf(attempt);
    const locks = await this.#store.lockouts(Object.values(subjects));
    if (locks.every(({ subject }) => subject === subjects.address)) this.#remember(subjects.pair);
    else this.#clean.delete(subjects.pair);
    const until = locks.reduce((latest, lock) => Math.max(latest, lock.until), 0);
    return Math.max(0, until - this.#now());
  }

  async report(attempt: Attempt, success: boolean): Promise<void> {
    const subjects = subjectsOf(attempt);
    if (success) {
      // The address keeps its count: whoever owns one valid key could clear it otherwise.
      if (this.#clean.has(subjects.pair)) return;
      const own = [subjects.pair, subjects.name];
      if ((await this.#store.lockouts(own)).length > 0) await this.#store.clear(own);
      return;
    }
    this.#clean.delete(subjects.pair);
    const now = this.#now();
    for (const [kind, subject] of Object.entries(subjects) as [keyof typeof thresholds, string][]) {
      const failures = await this.#store.addFailure(subject, now, decayMs);
      const over = failures - thresholds[kind];
      if (over >= 0)
        await this.#store.lock(subject, now + Math.min(longestLockMs, firstLockMs * 2 ** Math.min(over, 20)));
    }
  }

  #remember(pair: string): void {
    this.#clean.add(pair);
    if (this.#clean.size > 10_000) this.#clean.delete(this.#clean.values().next().value ?? '');
  }
}

function subjectsOf({ kind, name, address }: Attempt): Subjects {
  const from = networkOf(address);
  return {
    pair: subject('pair', kind, name, from),
    address: subject('address', from),
    name: subject('name', kind, name),
  };
}

/** Names come from strangers and may be of any length: their hash is stored. */
function subject(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

/** Who has an IPv6 address has 2^64 of them. */
function networkOf(address: string): string {
  const bare = address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/%.*$/, '');
  if (!isIPv6(bare)) return bare;
  const [head = '', tail] = bare.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - groups.length - rest.length;
  return [...groups, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...rest].slice(0, 4).join(':');
}
