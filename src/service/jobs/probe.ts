import type { JobHandler } from '../../jobs/index.ts';
import { type ProbePayload, probe, type RegistryServiceDeps } from '../registries/index.ts';

const timeoutMs = 120_000;

/** Tests the connection to a registry and stores what works. Registries that were removed meanwhile need none. */
export function createProbeHandler(
  deps: Pick<RegistryServiceDeps, 'store' | 'connectors' | 'clock'>,
): JobHandler & { readonly kind: 'probe' } {
  return {
    kind: 'probe',
    async run(job, { signal }) {
      const registry = await deps.store.registry((job.payload as ProbePayload).registryId);
      if (registry === null) return;
      await probe(deps, registry, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    },
  };
}
