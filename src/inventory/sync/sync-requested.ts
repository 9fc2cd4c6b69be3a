import { CodedError } from '../../kernel/index.ts';
import type { RegistryRecord } from '../contract.ts';
import { queueUnscanned } from './queue-unscanned.ts';
import type { RegistrySyncDeps, SyncJob } from './sync-registry.ts';
import { syncRepository } from './sync-repository.ts';

const batchSize = 50;

/**
 * Synchronises the repositories that hooks and callers named, until no request is left. Requests that come meanwhile are
 * done too; one that fails for now stays for the next attempt.
 * @throws the last failure that may pass, after everything else was done
 */
export async function syncRequested(deps: RegistrySyncDeps, registry: RegistryRecord, job: SyncJob): Promise<number> {
  const { store, filter } = deps;
  let done = 0;
  const failed = new Map<string, unknown>();
  for (;;) {
    const requests = await store.requestedRepositories(registry.id, batchSize + failed.size);
    const open = requests.filter(({ path }) => !failed.has(path));
    if (open.length === 0) break;
    for (const request of open) {
      job.signal.throwIfAborted();
      try {
        if (filter(request.path)) await one(deps, registry, request, job.signal);
        await store.doneRepositories(registry.id, [request]);
        job.progress({ stage: 'listing', done: ++done, total: null });
      } catch (error) {
        job.signal.throwIfAborted();
        if (!(error instanceof CodedError)) throw error;
        // What will not pass is left to reconciliation, which says so in the registry's state.
        if (error.retryable) failed.set(request.path, error);
        else await store.doneRepositories(registry.id, [request]);
      }
    }
  }
  for (const error of failed.values()) throw error;
  return done;
}

async function one(
  deps: RegistrySyncDeps,
  registry: RegistryRecord,
  request: { readonly path: string; readonly actor: string | null },
  signal: AbortSignal,
): Promise<void> {
  const { store, connector, clock } = deps;
  const known = await store.repositoryByPath(registry.id, request.path);
  // A name that somebody made up leaves no trace.
  if (known === null && !(await exists(deps, request.path, signal))) return;
  if (known === null && connector.exhaustive && !(await isListed(deps, request.path, signal))) return;
  const created = await store.seeRepositories(
    registry.id,
    [{ path: request.path, public: known?.public ?? false }],
    0,
    clock.now().getTime(),
  );
  for (const repository of created) {
    await syncRepository(deps, repository, { source: 'push', actor: request.actor }, signal);
    await queueUnscanned(deps, registry, [repository]);
  }
}

async function exists({ connector }: RegistrySyncDeps, path: string, signal: AbortSignal): Promise<boolean> {
  for await (const batch of connector.tags(path, signal)) if (batch.length > 0) return true;
  return false;
}

async function isListed({ connector }: RegistrySyncDeps, path: string, signal: AbortSignal): Promise<boolean> {
  for await (const { repositories } of connector.repositories(null, signal)) {
    if (repositories.some((repository) => repository.path === path)) return true;
  }
  return false;
}
