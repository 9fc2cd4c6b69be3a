import type { RegistryAbilities, RegistryRecord } from '../../inventory/index.ts';
import type { RegistryServiceDeps } from './contract.ts';

/** Connects to a registry, says what works, and stores it with the state that follows from it. */
export async function probe(
  { store, connectors, clock }: Pick<RegistryServiceDeps, 'store' | 'connectors' | 'clock'>,
  registry: RegistryRecord,
  signal: AbortSignal,
): Promise<RegistryAbilities> {
  const secrets = await store.secrets(registry.id);
  await using connector = connectors.open(registry, secrets?.password ?? null);
  const known = await store.unseenRepositories(registry.id, Number.MAX_SAFE_INTEGER, 0, 1);
  const abilities = await connector.abilities(
    known.map(({ path }) => path),
    signal,
  );
  const at = clock.now().getTime();
  await store.setState(registry.id, { ...stateOf(registry, abilities), abilities }, at);
  return abilities;
}

/** Unread states of repositories, which the last synchronisation told, stay as they are. */
function stateOf(
  registry: RegistryRecord,
  abilities: RegistryAbilities,
): { readonly state: RegistryRecord['state']; readonly reason: string | null } {
  const { list, pull } = abilities;
  if (Object.values(abilities).every(({ state }) => state === 'no')) {
    return { state: 'unreachable', reason: list.reason };
  }
  if (pull.state === 'no') return { state: 'degraded', reason: `images cannot be pulled: ${pull.reason}` };
  if (list.state === 'no' && registry.kind !== 'static') {
    return { state: 'degraded', reason: `repositories cannot be listed: ${list.reason}` };
  }
  if (registry.state === 'degraded' && registry.syncedAt !== null && registry.stateReason?.includes('unread: ')) {
    return { state: 'degraded', reason: registry.stateReason };
  }
  return { state: 'ok', reason: null };
}
