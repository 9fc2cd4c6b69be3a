import {
  compilePathFilter,
  type InventoryStore,
  type NewImages,
  type RegistryConnectors,
  type RegistryRecord,
  type RegistrySyncDeps,
  type SyncJob,
  syncRegistry,
  syncRequested,
} from '../../inventory/index.ts';
import type { JobHandler } from '../../jobs/index.ts';
import { type Clock, CodedError } from '../../kernel/index.ts';
import type { SyncPayload } from '../registries/index.ts';

/** What synchronising needs. */
export interface SyncHandlerDeps {
  readonly store: InventoryStore;
  readonly connectors: RegistryConnectors;
  readonly newImages: NewImages;
  readonly clock: Clock;
  /** Default 1,000,000. */
  readonly maxRepositories?: number;
  /** Per repository; default 250,000. */
  readonly maxTags?: number;
}

/**
 * Brings the inventory of a registry to what the registry says: all of it, or the repositories that were requested. A
 * failure is shown in the registry's state until the next success.
 */
export function createSyncHandler(deps: SyncHandlerDeps): JobHandler & { readonly kind: 'sync' } {
  return {
    kind: 'sync',
    async run(job, context) {
      const { registryId, requested } = job.payload as SyncPayload;
      const registry = await deps.store.registry(registryId);
      if (registry === null) return;
      const secrets = await deps.store.secrets(registryId);
      await using connector = deps.connectors.open(registry, secrets?.password ?? null);
      const sync: RegistrySyncDeps = {
        ...deps,
        connector,
        filter: compilePathFilter(registry.include, registry.exclude),
        maxRepositories: deps.maxRepositories ?? 1_000_000,
        maxTags: deps.maxTags ?? 250_000,
      };
      const { signal } = context;
      const own: SyncJob = { id: job.id, fence: job.fence, signal, progress: (told) => context.progress(told) };
      try {
        if (requested !== true) await syncRegistry(sync, registry, own);
        await syncRequested(sync, registry, own);
      } catch (error) {
        signal.throwIfAborted();
        await tell(deps, registry, error);
        throw error;
      }
    },
  };
}

async function tell({ store, clock }: SyncHandlerDeps, registry: RegistryRecord, error: unknown): Promise<void> {
  if (!(error instanceof CodedError) || error.code === 'run_lost') return;
  const unreachable = ['unavailable', 'timeout', 'tls_error', 'address_denied'].includes(error.code);
  const reason = `synchronisation failed: ${error.message}`.slice(0, 500);
  await store.setState(registry.id, { state: unreachable ? 'unreachable' : 'degraded', reason }, clock.now().getTime());
}
