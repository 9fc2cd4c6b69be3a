import type { Grant, Project } from './contract.ts';
import type { AccessStore, UserRow } from './ports.ts';
import { findPolicies, grantsOf } from './principals.ts';

/** An enabled user with all rights. */
export interface Member {
  readonly user: UserRow;
  readonly grants: readonly Grant[];
}

const maxCached = 10_000;

/**
 * Users, keys and projects as of the newest revision. Everything that was read is kept until somebody, on any node,
 * changes anything: one small query per request instead of five.
 */
export class Directory {
  readonly #store: AccessStore;
  #revision = -1;
  #projects: readonly Project[] = [];
  #cache = new Map<string, Promise<unknown>>();

  constructor(store: AccessStore) {
    this.#store = store;
  }

  /** Forgets what is old. Call once per request, before anything else. */
  async refresh(): Promise<void> {
    const revision = await this.#store.revision();
    if (revision === this.#revision) return;
    const projects = await this.#store.projects();
    this.#cache = new Map();
    this.#projects = projects;
    this.#revision = revision;
  }

  /** As of the last {@link refresh}. */
  get projects(): readonly Project[] {
    return this.#projects;
  }

  /** Null when unknown. */
  member(userId: number): Promise<Member | null> {
    return this.cached(`user:${userId}`, async () => {
      const user = await this.#store.user(userId);
      if (user === null) return null;
      const [rows, policies] = await Promise.all([this.#store.grants(userId), findPolicies(this.#store)]);
      return { user, grants: grantsOf(rows, policies) };
    });
  }

  /** What `load` gives, kept for this revision; nothing is kept of failures and of what does not exist. */
  cached<T>(key: string, load: () => Promise<T | null>): Promise<T | null> {
    const known = this.#cache.get(key);
    if (known !== undefined) return known as Promise<T | null>;
    const cache = this.#cache;
    const loading = load();
    cache.set(key, loading);
    const forget = (): void => {
      if (cache.get(key) === loading) cache.delete(key);
    };
    loading.then((value) => value === null && forget(), forget);
    if (cache.size > maxCached) cache.delete(cache.keys().next().value ?? '');
    return loading;
  }
}
