import { type Access, type AccessDeps, createAccess, type VolatileStore } from '../../access/index.ts';
import type { ServiceOptions } from './options.ts';
import type { ServiceStore } from './store.ts';

/** Access control over the store of this installation. */
export function openAccess(
  { store, options }: { readonly store: ServiceStore; readonly options: ServiceOptions },
  volatile: VolatileStore,
  bootstrap: AccessDeps['bootstrap'],
): Promise<Access> {
  return createAccess({
    store: store.access,
    volatile,
    sealer: store.sealer,
    now: Date.now,
    names: { name: 'drydock', region: options.region },
    bootstrap,
  });
}
