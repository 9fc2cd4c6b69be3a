import { readFile } from 'node:fs/promises';
import { createRegistry, type Registry, type RegistrySettings, storedCredentials } from '../image/index.ts';
import { environmentProxies, systemClock } from '../kernel/index.ts';
import { ConfigError } from './errors.ts';
import type { Settings } from './settings.ts';
import { userAgent } from './version.ts';

/** The client of all registries, with the settings of the configuration and the user's stored credentials. */
export async function openRegistry(settings: Settings): Promise<Registry> {
  const entries = Object.entries(settings.config.registries ?? {});
  const configured = await Promise.all(
    entries.map(async ([host, entry]): Promise<[string, RegistrySettings]> => {
      const { ca, clientCertificate, clientKey, ...plain } = entry;
      const files = {
        ...(ca && { ca: await readSecretFile(ca) }),
        ...(clientCertificate && { clientCertificate: await readSecretFile(clientCertificate) }),
        ...(clientKey && { clientKey: await readSecretFile(clientKey) }),
      };
      const known = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
      return [host, { ...known, ...files }];
    }),
  );
  return createRegistry({
    settings: new Map(configured),
    proxies: environmentProxies(settings.env),
    credentials: storedCredentials({ env: settings.env }),
    clock: systemClock,
    userAgent,
  });
}

/**
 * Content of a file that the configuration names.
 * @throws ConfigError `config_unreadable`
 */
export async function readSecretFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConfigError('config_unreadable', `cannot read ${path}, which the configuration names`, { cause });
  }
}
