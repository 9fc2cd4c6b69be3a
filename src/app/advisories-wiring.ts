import { join } from 'node:path';
import { AdvisoryService, type FeedSources, httpFetcher } from '../advisories/index.ts';
import type { DbDeps } from '../cli/db.ts';
import { ecosystems } from '../ecosystems/list.ts';
import { configuredProxies, environmentProxies, systemClock } from '../kernel/index.ts';
import { processParts } from './process.ts';
import { readSecretFile } from './registry-wiring.ts';
import { resource } from './resources.ts';
import { readSettings, type Settings } from './settings.ts';
import { userAgent } from './version.ts';

/**
 * The advisory data of this installation.
 * @param ca PEM certificates for its sources; only loading data needs them.
 */
export function advisoryService(settings: Settings, ca?: string): AdvisoryService {
  const proxies = configuredProxies(settings.config.advisories?.proxy, environmentProxies(settings.env));
  return new AdvisoryService({
    directory: join(settings.dataDirectory, 'advisories'),
    bundled: resource('advisories'),
    ecosystems,
    http: httpFetcher({ ca, userAgent, proxies }),
    clock: systemClock,
  });
}

/** Where advisories come from, as the configuration says. */
export function configuredFeeds({ config }: Settings): FeedSources {
  const { from, kev, epss, alpineSecdb, debianTracker } = config.advisories ?? {};
  return {
    ...(from && { from }),
    ...(kev && { kev }),
    ...(epss && { epss }),
    ...(alpineSecdb && { alpineSecdb }),
    ...(debianTracker && { debianTracker }),
  };
}

/** Wires `drydock db`. */
export async function loadDb(): Promise<DbDeps> {
  const parts = processParts();
  const settings = await readSettings(parts.terminal.env);
  const { ca } = settings.config.advisories ?? {};
  return {
    ...parts,
    service: advisoryService(settings, ca && (await readSecretFile(ca))),
    sources: configuredFeeds(settings),
    readText: readSecretFile,
  };
}
