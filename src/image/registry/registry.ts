import { type Clock, discard, type JsonValue, noProxies, type ProxyRules, systemClock } from '../../kernel/index.ts';
import type { Digest } from '../digest.ts';
import type { ImageRepository } from '../repository.ts';
import { type CataloguePage, catalogue } from './catalogue.ts';
import { RegistryClient } from './client.ts';
import { type CredentialsProvider, noCredentials } from './credentials/credentials.ts';
import { type ProbeResult, probeDelete, probePush, probeReferrers } from './probe.ts';
import { RegistryRepository } from './repository.ts';
import { readJson } from './responses.ts';
import { type Sleep, systemSleep } from './retry.ts';
import { defaultRegistryLimits, type RegistryLimits, type RegistrySettings } from './settings.ts';

/** Repositories above which those that nobody uses any more are forgotten: a listing visits very many. */
const maxRemembered = 1000;

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
  /** Pages of the catalogue from `next` of an earlier page on. @throws RegistryError where it is closed */
  catalogue(
    registry: string,
    options: { readonly cursor: string | null; readonly pageSize: number; readonly signal: AbortSignal },
  ): AsyncIterable<CataloguePage>;
  /** Tries a right in a repository and leaves nothing behind. @throws RegistryError when nothing answers */
  probe(
    reference: { readonly registry: string; readonly repository: string },
    right: 'push' | 'delete' | { readonly referrersOf: Digest },
    signal: AbortSignal,
  ): Promise<ProbeResult>;
  /**
   * A JSON document of another interface of the same server, asked for with user name and password.
   * @throws RegistryError for every status but 200
   */
  document(registry: string, target: string, signal: AbortSignal): Promise<JsonValue>;
  close(): Promise<void>;
}

/** Creates the client of all registries; nothing is connected before it is used. */
export function createRegistry(options: RegistryOptions = {}): Registry {
  const clients = new Map<string, RegistryClient>();
  const repositories = new Map<string, WeakRef<ImageRepository>>();
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
      // One object per repository that is in use, because it serialises the writers of its referrers.
      const key = `${registry}/${repository}`;
      const known = repositories.get(key)?.deref();
      if (known) return known;
      if (repositories.size >= maxRemembered) forgetUnused(repositories);
      const created = new RegistryRepository(client(registry), repository);
      repositories.set(key, new WeakRef(created));
      return created;
    },
    async ping(registry, signal) {
      const response = await client(registry).request({ method: 'GET', target: '/v2/', signal });
      if (response.status !== 200) throw await client(registry).unexpected(response, `reaching ${registry}`);
      await discard(response);
    },
    catalogue: (registry, { cursor, pageSize, signal }) => catalogue(client(registry), cursor, pageSize, signal),
    probe({ registry, repository }, right, signal) {
      if (right === 'push') return probePush(client(registry), repository, signal);
      if (right === 'delete') return probeDelete(client(registry), repository, signal);
      return probeReferrers(client(registry), repository, right.referrersOf, signal);
    },
    document: (registry, target, signal) => readDocument(client(registry), target, signal),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function forgetUnused(repositories: Map<string, WeakRef<ImageRepository>>): void {
  for (const [key, reference] of repositories) if (reference.deref() === undefined) repositories.delete(key);
}

async function readDocument(client: RegistryClient, target: string, signal: AbortSignal): Promise<JsonValue> {
  const what = `reading ${target.replace(/\?.*$/, '')}`;
  const { limits } = client.options;
  return client.exchange({ method: 'GET', target, basic: true, signal }, async (response) => {
    if (response.status !== 200) throw await client.unexpected(response, what);
    return readJson(response, limits.pageBytes, what, limits);
  });
}
