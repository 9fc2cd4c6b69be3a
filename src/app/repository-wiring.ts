import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bundledKeyrings, fileFreshness, fileIndexCache } from '../adapters/repository/filesystem.ts';
import {
  type AptConfiguration,
  type ArchiveConfig,
  type ArchiveDeps,
  aptMirrors,
  createArchiveDeps,
  createHttpClient,
  defaultRepositories,
  type Mirror,
  type RepositoryConfig,
  type SourceConfig,
  systemFiles,
  withEnvironment,
} from '../ecosystems/index.ts';
import { environmentProxies, systemClock } from '../kernel/index.ts';
import { readSecretFile } from './registry-wiring.ts';
import { resource } from './resources.ts';
import type { Settings } from './settings.ts';

type FixConfig = NonNullable<Settings['config']['fix']>;
type MirrorEntry = NonNullable<FixConfig['archives']>[string][number];
type SourceEntry = NonNullable<FixConfig['sources']>[number];

/**
 * Where packages come from, without the environment. Mirrors: the configuration's before those of this machine's own
 * apt; Drydock knows none by itself. Sources: the operator's before the built-in releases.
 */
export async function repositoryConfig(settings: Settings): Promise<RepositoryConfig> {
  const fix = settings.config.fix;
  return {
    archives: { ...(await systemArchives()), ...(await configuredArchives(fix?.archives)) },
    sources: [...(fix?.sources ?? []).map(sourceOf), ...defaultRepositories.sources],
  };
}

/** Access to package archives; mirrors named by the environment win over those of the configuration. */
export async function archiveDeps(settings: Settings, config?: RepositoryConfig): Promise<ArchiveDeps> {
  return createArchiveDeps({
    config: config ?? withEnvironment(await repositoryConfig(settings), settings.env),
    clock: systemClock,
    http: createHttpClient({ proxies: environmentProxies(settings.env) }),
    files: systemFiles,
    sleep: async (milliseconds: number, signal: AbortSignal) => {
      await delay(milliseconds, undefined, { signal });
    },
    freshness: fileFreshness(join(settings.dataDirectory, 'freshness')),
    cache: fileIndexCache(join(settings.cacheDirectory, 'package-indexes')),
    builtinKeyring: bundledKeyrings(resource('keyrings')),
  });
}

/** How the machine's own apt configuration is read. */
export const aptConfiguration: AptConfiguration = {
  read: (path) => readFile(path, 'utf8').catch(() => undefined),
  list: (directory) => readdir(directory).catch(() => []),
};

/** The mirrors of this machine's apt: whoever runs Drydock here trusts them to carry signed packages already. */
async function systemArchives(): Promise<ArchiveConfig> {
  const mirrors = await aptMirrors(aptConfiguration);
  return Object.fromEntries(Object.entries(mirrors).map(([archive, base]) => [archive, [{ base }]]));
}

async function configuredArchives(archives: FixConfig['archives']): Promise<ArchiveConfig> {
  const entries = Object.entries(archives ?? {}).map(
    async ([name, mirrors]): Promise<[string, Mirror[]]> => [name, await Promise.all(mirrors.map(mirrorOf))],
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function mirrorOf(entry: MirrorEntry): Promise<Mirror> {
  if ('bundle' in entry) return { bundle: entry.bundle, publicKey: await readSecretFile(entry.publicKey) };
  const password = entry.passwordFile && (await readSecretFile(entry.passwordFile)).trim();
  return {
    base: entry.base,
    ...(entry.ca && { ca: await readSecretFile(entry.ca) }),
    ...(entry.username && { credential: { username: entry.username, password: password ?? '' } }),
    ...(entry.proxy && { proxy: entry.proxy }),
  };
}

function sourceOf({ suites, ...entry }: SourceEntry): SourceConfig {
  return {
    ...entry,
    suites: suites.map(({ maxAge, ...suite }) => ({
      ...suite,
      ...(maxAge !== undefined && {
        maxAge: typeof maxAge === 'number' ? maxAge : Number.parseInt(maxAge, 10) * 86_400,
      }),
    })),
  };
}
