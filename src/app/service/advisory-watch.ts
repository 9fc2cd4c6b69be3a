import { queueRematch } from '../../service/facts/index.ts';
import { advisoryService } from '../advisories-wiring.ts';
import type { Settings } from '../settings.ts';
import type { ServiceStore } from './store.ts';

/**
 * Looks whether the advisories of this machine are others than those that the stored matches were made with, as after
 * `drydock db update` beside a running service, and queues a re-match then. Each snapshot is acted on once: workers
 * whose machines hold different advisories must not re-match against each other for ever.
 * @returns whether a re-match was queued
 */
export function advisoryWatch(settings: Settings, store: Pick<ServiceStore, 'findings' | 'queue'>) {
  const service = advisoryService(settings);
  let actedOn: string | undefined;
  let bundled: string | undefined;
  return async (): Promise<boolean> => {
    const basis = await store.findings.generation();
    if (basis === null) return false;
    const active = await service.activeId();
    // Facts that are bundled change with the program only, so they are read once.
    if (active === null) bundled ??= (await service.status()).bundled.id;
    const id = active ?? bundled;
    if (id === basis.snapshot.id || id === actedOn) return false;
    await queueRematch(store.queue);
    actedOn = id;
    return true;
  };
}
