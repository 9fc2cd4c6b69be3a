import { type Clock, discard, noProxies, type ProxyRules, systemClock } from '../../kernel/index.ts';
import type { ImageRepository } from '../repository.ts';
import { RegistryClient } from './client.ts';
import { type CredentialsProvider, noCredentials } from './credentials/credentials.ts';
import { RegistryRepository } from './repository.ts';
import { type Sleep, systemSleep } from './retry.ts';
import { defaultRegistryLimits, type RegistryLimits, type RegistrySettings } from './settings.ts';

/** How registries are reached; everything has a default. */
export interface RegistryOptions {
  /** Settings by exact `host[:port]`. */
  readonly settings?: ReadonlyMap<string, RegistrySettings>;
  readonly credentials?: CredentialsProvider;
  readonly clock?: Clock;
  readonly userAgent?: string;
  readonly limits?: Partial<RegistryLimits>;
  /** For registries whose settings name no proxy; default: none. */
  readonly proxies?: ProxyRules;
  readonly sleep?: Sleep;
  /** 0 ≤ n < 1, for the spread of back-off times. */
  readonly random?: () => number;
}

/** All registries of one process: connections, tokens and settings are shared by their repositories. */
export interface Registry extends AsyncDisposable {
  /** A repository by the parts of a reference, for example `{registry: 'docker.io', repository: 'library/debian'}`. */
  repository(reference: { readonly registry: string; readonly repository: string }): ImageRepository;
  /** Whether the registry answers and accepts the credentials. @throws RegistryError */
  ping(registry: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Creates the client of all registries; nothing is connected before it is used. */
export function createRegistry(options: RegistryOptions = {}): Registry {
  const clients = new Map<string, RegistryClient>();
  const repositories = new Map<string, ImageRepository>();
  const client = (registry: string): RegistryClient => {
    const known = clients.get(registry);
    if (known) return known;
    const created = new RegistryClient({
      registry,
      settings: options.settings?.get(registry) ?? {},
      limits: { ...defaultRegistryLimits, ...options.limits },
      proxies: options.proxies ?? noProxies,
      credentials: options.credentials ?? noCredentials,
      clock: options.clock ?? systemClock,
      userAgent: options.userAgent ?? 'drydock',
      sleep: options.sleep ?? systemSleep,
      random: options.random ?? Math.random,
    });
    clients.set(registry, created);
    return created;
  };
  const close = async (): Promise<void> => {
    await Promise.all([...clients.values()].map((each) => each.close()));
    clients.clear();
    repositories.clear();
  };
  return {
    repository({ registry, repository }) {
      // One object per repository, because it serialises the writers of its referrers.
      const key = `${registry}/${repository}`;
      const known = repositories.get(key) ?? new RegistryRepository(client(registry), repository);
      repositories.set(key, known);
      return known;
    },
    async ping(registry, signal) {
      const response = await client(registry).request({ method: 'GET', target: '/v2/', signal });
      if (response.status !== 200) throw await client(registry).unexpected(response, `reaching ${registry}`);
      await discard(response);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
