import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { type ServerConfig, settingDefinitions } from '../cli/service/settings.ts';
import type { ConfigFile } from './config-schema.ts';
import { ConfigError } from './errors.ts';

const maxBytes = 1024 * 1024;

/**
 * The configuration of this machine and user, merged: `/etc/drydock/config.yaml`, then
 * `$XDG_CONFIG_HOME/drydock/config.yaml`; or only the file that `DRYDOCK_CONFIG` names. File names inside are
 * returned absolute, relative to the file that names them.
 * @throws ConfigError naming the file, the key and what is allowed there
 */
export async function readConfiguration(env: NodeJS.ProcessEnv): Promise<ConfigFile> {
  const explicit = env.DRYDOCK_CONFIG;
  if (explicit) return (await readOne(explicit)) ?? missing(explicit);
  const userHome = env.XDG_CONFIG_HOME || (env.HOME ? join(env.HOME, '.config') : undefined);
  const system = await readOne('/etc/drydock/config.yaml');
  const user = userHome === undefined ? undefined : await readOne(join(userHome, 'drydock/config.yaml'));
  return merge(system ?? {}, user ?? {});
}

function missing(path: string): never {
  throw new ConfigError('config_unreadable', `there is no configuration file ${path}`, {
    hint: 'Correct DRYDOCK_CONFIG, or unset it to use the default places.',
  });
}

async function readOne(path: string): Promise<ConfigFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ConfigError('config_unreadable', `cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
  if (text.length > maxBytes) throw new ConfigError('config_invalid', `${path} is larger than 1 MiB`);
  // Loaded only where there is a file: most runs have none, and start-up time is a feature.
  const [{ parse }, { configSchema }] = await Promise.all([import('yaml'), import('./config-schema.ts')]);
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0 }) ?? {};
  } catch (error) {
    throw new ConfigError('config_invalid', `${path} is not YAML: ${(error as Error).message}`, { cause: error });
  }
  const result = configSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    const where = issue?.path.join('.') || 'the top level';
    throw new ConfigError('config_invalid', `${path}: ${where}: ${issue?.message}`, {
      hint: 'docs/operations/configuration.md lists every key.',
    });
  }
  return absolute(result.data, dirname(path));
}

function absolute(config: ConfigFile, base: string): ConfigFile {
  const at = (file: string | undefined): string | undefined =>
    file === undefined || isAbsolute(file) ? file : join(base, file);
  const place = (location: string | undefined): string | undefined =>
    location !== undefined && /^(https?|file):\/\//i.test(location) ? location : at(location);
  const registries = mapValues(config.registries, (settings) =>
    dropUndefined({
      ...settings,
      ca: at(settings.ca),
      clientCertificate: at(settings.clientCertificate),
      clientKey: at(settings.clientKey),
    }),
  );
  const archives = mapValues(config.fix?.archives, (mirrors) =>
    mirrors.map((mirror) =>
      'bundle' in mirror
        ? { bundle: at(mirror.bundle) ?? '', publicKey: at(mirror.publicKey) ?? '' }
        : dropUndefined({ ...mirror, ca: at(mirror.ca), passwordFile: at(mirror.passwordFile) }),
    ),
  );
  return dropUndefined({
    ...config,
    server: config.server && withPlaces(config.server, at),
    dataDir: at(config.dataDir),
    cacheDir: at(config.cacheDir),
    registries,
    advisories:
      config.advisories &&
      dropUndefined({
        from: place(config.advisories.from),
        kev: place(config.advisories.kev),
        epss: place(config.advisories.epss),
        alpineSecdb: config.advisories.alpineSecdb?.map((location) => place(location) ?? ''),
        debianTracker: place(config.advisories.debianTracker),
        ca: at(config.advisories.ca),
        proxy: config.advisories.proxy,
      }),
    fix: config.fix && dropUndefined({ ...config.fix, archives, signingKey: at(config.fix.signingKey) }),
  });
}

/** Settings that name files are made absolute like all others. */
function withPlaces(server: ServerConfig, at: (file: string) => string | undefined): ServerConfig {
  const files = settingDefinitions.filter(({ kind }) => kind === 'file').map(({ name }) => name);
  const found = files
    .filter((name) => typeof server[name] === 'string')
    .map((name) => [name, at(String(server[name]))]);
  return { ...server, ...Object.fromEntries(found) };
}

/** The user's file wins key by key; of lists of sources and pins both count, the user's first. */
function merge(system: ConfigFile, user: ConfigFile): ConfigFile {
  const fix = dropUndefined({
    ...system.fix,
    ...user.fix,
    archives: { ...system.fix?.archives, ...user.fix?.archives },
    sources: [...(user.fix?.sources ?? []), ...(system.fix?.sources ?? [])],
    pinned: [...(user.fix?.pinned ?? []), ...(system.fix?.pinned ?? [])],
  });
  return {
    ...system,
    ...user,
    server: { ...system.server, ...user.server },
    registries: { ...system.registries, ...user.registries },
    advisories: { ...system.advisories, ...user.advisories },
    engines: {
      ...system.engines,
      ...user.engines,
      clamd: { ...system.engines?.clamd, ...user.engines?.clamd },
    },
    fix,
  };
}

function mapValues<T, R>(record: Record<string, T> | undefined, map: (value: T) => R): Record<string, R> | undefined {
  return record && Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

function dropUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Defined<T>;
}
