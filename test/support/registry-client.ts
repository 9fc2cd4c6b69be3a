import type { TestContext } from 'node:test';
import { type Credentials, fixedCredentials } from '../../src/image/registry/credentials/credentials.ts';
import { createRegistry, type Registry, type RegistryOptions } from '../../src/image/registry/registry.ts';
import type { RegistrySettings } from '../../src/image/registry/settings.ts';
import type { ImageRepository } from '../../src/image/repository.ts';
import { type FakeRegistry, type FakeRegistryOptions, startFakeRegistry } from './fake-registry.ts';

/** A fake registry with a client of ours on it; the client's back-off pauses are recorded instead of waited for. */
export interface ConnectedFake {
  readonly fake: FakeRegistry;
  readonly registry: Registry;
  /** Back-off pauses in milliseconds. */
  readonly waits: number[];
  repository(name?: string): ImageRepository;
}

export interface ConnectedFakeOptions {
  readonly fake?: FakeRegistryOptions;
  /** Bound to the fake's host and port. */
  readonly credentials?: Credentials | undefined;
  readonly settings?: RegistrySettings;
  readonly limits?: RegistryOptions['limits'];
}

/** Starts both and stops them after the test. */
export async function connectedFake(t: TestContext, options: ConnectedFakeOptions = {}): Promise<ConnectedFake> {
  const fake = await startFakeRegistry(options.fake);
  const waits: number[] = [];
  const { credentials, settings, limits } = options;
  const scheme = options.fake?.tls ? 'https' : 'http';
  const registry = createRegistry({
    sleep: async (ms) => void waits.push(ms),
    random: () => 0.5,
    ...(limits && { limits }),
    settings: new Map([[fake.host, { scheme, ...settings }]]),
    credentials: fixedCredentials(new Map(credentials ? [[fake.host, credentials]] : [])),
  });
  t.after(async () => {
    await registry.close();
    await fake.close();
  });
  return {
    fake,
    registry,
    waits,
    repository: (name = 'team/app') => registry.repository({ registry: fake.host, repository: name }),
  };
}

/** Everything that an asynchronous sequence yields. */
export async function listed<T>(sequence: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of sequence) items.push(item);
  return items;
}
