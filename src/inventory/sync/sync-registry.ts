import { CodedError, mapLimit, messageOf } from '../../kernel/index.ts';
import type { RegistryConnector, SeenRepository } from '../connectors/contract.ts';
import type { RegistryRecord, RepositoryRecord } from '../contract.ts';
import { InventoryError } from '../errors.ts';
import type { InventoryStore, NewImages } from '../ports.ts';
import type { PathFilter } from '../rules/glob.ts';
import type { SyncRun } from './contract.ts';
import { queueUnscanned } from './queue-unscanned.ts';
import { closeRepository, type RepositorySyncDeps, syncRepository } from './sync-repository.ts';
import { createTagWriter } from './tag-writer.ts';

/** What a synchronisation needs. */
export interface RegistrySyncDeps extends RepositorySyncDeps {
  readonly store: InventoryStore;
  readonly connector: RegistryConnector;
  readonly newImages: NewImages;
  readonly filter: PathFilter;
  readonly maxRepositories: number;
}

/** The job that does it: its id names the run, its fence decides who may write. */
export interface SyncJob {
  readonly id: string;
  readonly fence: number;
  readonly signal: AbortSignal;
  progress(progress: { stage: string; done: number; total: number | null }): void;
}

/** Few enough for any registry: the client has eight connections. More wait together for the store than for the network. */
const repositoriesAtOnce = 12;
/** Repositories in a row that fail with something that may pass before the registry itself is taken to be away. */
const maxFailuresInARow = 5;
/** Pages in a row that hold nothing new. */
const maxStalePages = 20;
const batchSize = 100;
const poll = { source: 'poll', actor: null } as const;

/**
 * Brings the inventory of one registry to what the registry says now. The position is stored after every page, so a
 * killed run goes on where it was; it ends once, whoever runs it. Memory does not grow with the number of repositories.
 * @throws RegistryError, InventoryError when the registry cannot be listed; single repositories that fail are counted
 */
export async function syncRegistry(deps: RegistrySyncDeps, registry: RegistryRecord, job: SyncJob): Promise<SyncRun> {
  const started = await deps.store.beginRun(job.id, registry.id, deps.clock.now().getTime());
  if (started.state === 'done') return started;
  const work = new RegistrySync(deps, registry, job, started);
  if (started.state === 'listing') await work.list();
  await work.reconcile();
  return work.end();
}

class RegistrySync {
  readonly #deps: RegistrySyncDeps;
  readonly #registry: RegistryRecord;
  readonly #job: SyncJob;
  #run: SyncRun;
  #failuresInARow = 0;

  constructor(deps: RegistrySyncDeps, registry: RegistryRecord, job: SyncJob, run: SyncRun) {
    this.#deps = { ...deps, store: { ...deps.store, applyTags: createTagWriter(deps.store) } };
    this.#registry = registry;
    this.#job = job;
    this.#run = run;
  }

  /** Every repository that the registry lists. */
  async list(): Promise<void> {
    const { connector, store, filter, clock } = this.#deps;
    let stale = 0;
    try {
      for await (const page of connector.repositories(this.#run.cursor, this.#job.signal)) {
        const wanted = distinct(page.repositories.filter(({ path }) => filter(path)));
        const seen = await store.seeRepositories(this.#registry.id, wanted, this.#run.run, clock.now().getTime());
        stale = page.repositories.length > 0 && seen.every(({ seenBefore }) => seenBefore) ? stale + 1 : 0;
        this.#checkEnd(stale);
        await mapLimit(seen, repositoriesAtOnce, (repository) => this.#one(repository));
        await queueUnscanned(this.#deps, this.#registry, seen);
        if (page.next !== null) await this.#save({ cursor: page.next });
      }
    } catch (error) {
      await this.#closed(error);
    }
    await this.#save({ state: 'reconciling', cursor: null });
  }

  /** Repositories that are known and were not listed: gone, out of scope, or not shown to this user. */
  async reconcile(): Promise<void> {
    const { store, connector, filter } = this.#deps;
    for (let after = Number(this.#run.cursor ?? 0); ; ) {
      const batch = await store.unseenRepositories(this.#registry.id, this.#run.run, after, batchSize);
      await mapLimit(batch, repositoriesAtOnce, async (repository) => {
        if (connector.exhaustive || !filter(repository.path)) return closeRepository(this.#deps, repository, poll);
        await this.#one(repository);
      });
      await queueUnscanned(this.#deps, this.#registry, batch);
      const last = batch.at(-1);
      if (last === undefined) return;
      after = last.id;
      await this.#save({ cursor: String(after) });
    }
  }

  async end(): Promise<SyncRun> {
    const done: SyncRun = { ...this.#run, state: 'done', cursor: null };
    if (await this.#deps.store.endRun(done, this.#job.fence, this.#deps.clock.now().getTime())) return done;
    throw lost(this.#job);
  }

  #checkEnd(stale: number): void {
    const { repositories } = this.#run;
    if (stale > maxStalePages)
      throw new InventoryError('listing_endless', 'the listing goes on with what it has shown');
    if (repositories <= this.#deps.maxRepositories) return;
    throw new InventoryError('too_many_repositories', `more than ${this.#deps.maxRepositories} repositories`);
  }

  /** A closed catalogue still leaves what hooks, callers and earlier listings have told of. */
  async #closed(error: unknown): Promise<void> {
    if (!(error instanceof InventoryError) || error.code !== 'catalogue_closed') throw error;
    const known = await this.#deps.store.unseenRepositories(this.#registry.id, this.#run.run, 0, 1);
    if (known.length === 0) throw error;
    this.#run = { ...this.#run, reason: this.#run.reason ?? error.message };
  }

  async #one(repository: RepositoryRecord): Promise<void> {
    const { signal } = this.#job;
    try {
      const opened = await syncRepository(this.#deps, repository, poll, signal);
      this.#failuresInARow = 0;
      this.#run = { ...this.#run, repositories: this.#run.repositories + 1, images: this.#run.images + opened };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof CodedError)) throw error;
      this.#failuresInARow = error.retryable ? this.#failuresInARow + 1 : 0;
      if (this.#failuresInARow >= maxFailuresInARow) throw error;
      const reason = this.#run.reason ?? `${repository.path}: ${messageOf(error).slice(0, 300)}`;
      this.#run = { ...this.#run, failed: this.#run.failed + 1, reason };
    }
    this.#job.progress({ stage: this.#run.state, done: this.#run.repositories + this.#run.failed, total: null });
  }

  async #save(change: Partial<SyncRun>): Promise<void> {
    this.#run = { ...this.#run, ...change };
    if (await this.#deps.store.saveRun(this.#run, this.#job.fence, this.#deps.clock.now().getTime())) return;
    throw lost(this.#job);
  }
}

function lost(job: SyncJob): InventoryError {
  return new InventoryError('run_lost', `synchronisation ${job.id} belongs to another worker or has ended`);
}

function distinct(repositories: readonly SeenRepository[]): readonly SeenRepository[] {
  return [...new Map(repositories.map((repository) => [repository.path, repository])).values()];
}
