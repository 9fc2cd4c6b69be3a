import { randomBytes } from 'node:crypto';
import { eventWindowMs, isAuthentic, maxHookBytes, parseEvents } from '../../inventory/index.ts';
import type { RegistryService } from '../contract/registries.ts';
import { ServiceError } from '../errors.ts';
import type { RegistryServiceDeps } from './contract.ts';
import { queueRequested } from './jobs.ts';

type Input = Parameters<RegistryService['hook']>[0];

const secretLifeMs = 10_000;
const maxCached = 10_000;
interface Cached {
  readonly secret: string | null;
  readonly until: number;
}

/**
 * Receives notifications of registries. Nothing of a notification is believed but names of repositories, and only when
 * it carries the registry's secret; unknown registries cost one lookup in ten seconds.
 */
export class HookReceiver {
  readonly #deps: RegistryServiceDeps;
  readonly #cache = new Map<number, Cached>();
  /** Compared with where there is no secret, so that this takes as long. */
  readonly #nobody = randomBytes(32).toString('hex');

  constructor(deps: RegistryServiceDeps) {
    this.#deps = deps;
  }

  /** @throws ServiceError `hook_denied` */
  async receive({ registryId, headers, body, requestId }: Input): Promise<void> {
    if (body.length > maxHookBytes) throw denied('the notification is larger than 1 MiB');
    const now = this.#deps.clock.now().getTime();
    const secret = await this.#secret(registryId, now);
    if (!isAuthentic(headers, body, secret ?? this.#nobody, now) || secret === null) {
      throw denied('no registry with this secret');
    }
    const events = parseEvents(body);
    if (events === undefined) throw denied('the body is no notification of a registry');
    const recent = events.filter(({ at }) => at === null || Math.abs(at - now) <= eventWindowMs);
    if (recent.length === 0) return;
    const { store } = this.#deps;
    const fresh = await store.acceptEvents(registryId, recent, now);
    // A repeated delivery may stand for one whose job could not be queued.
    if (fresh === 0 && (await store.requestedRepositories(registryId, 1)).length === 0) return;
    await queueRequested(this.#deps, registryId, requestId);
  }

  /** A new secret counts at once in this process, and within seconds in others. */
  forget(registryId: number): void {
    this.#cache.delete(registryId);
  }

  async #secret(registryId: number, now: number): Promise<string | null> {
    const known = this.#cache.get(registryId);
    if (known && known.until > now) return known.secret;
    const sealed = (await this.#deps.store.secrets(registryId))?.hookSecret ?? null;
    const secret = sealed === null ? null : Buffer.from(this.#deps.sealer.open(sealed)).toString('utf8');
    if (this.#cache.size >= maxCached) this.#cache.clear();
    this.#cache.set(registryId, { secret, until: now + secretLifeMs });
    return secret;
  }
}

function denied(why: string): ServiceError {
  return new ServiceError('hook_denied', why);
}
