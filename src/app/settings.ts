import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { readConfiguration } from './config-file.ts';
import type { ConfigFile } from './config-schema.ts';

/** Where Drydock keeps things and how it reaches others; made once at the start of a command. */
export interface Settings {
  /** Results that must survive: advisory snapshots, task journal, blobs. */
  readonly dataDirectory: string;
  /** What can be made again: layer analyses, parsed indexes. */
  readonly cacheDirectory: string;
  readonly config: ConfigFile;
  readonly env: NodeJS.ProcessEnv;
}

/** Environment over configuration file over default (XDG base directories). */
export async function readSettings(env: NodeJS.ProcessEnv): Promise<Settings> {
  const config = await readConfiguration(env);
  const home = env.HOME || tmpdir();
  const dataDirectory = env.DRYDOCK_DATA_DIR || config.dataDir || xdg(env.XDG_DATA_HOME, home, '.local/share');
  // A data directory that was chosen explicitly holds the cache too: tests and containers have one place to keep.
  const beside = env.DRYDOCK_DATA_DIR || config.dataDir ? join(dataDirectory, 'cache') : undefined;
  const cacheDirectory = env.DRYDOCK_CACHE_DIR || config.cacheDir || beside || xdg(env.XDG_CACHE_HOME, home, '.cache');
  return { dataDirectory: resolve(dataDirectory), cacheDirectory: resolve(cacheDirectory), config, env };
}

/** The base-directory specification ignores values that are not absolute. */
function xdg(value: string | undefined, home: string, fallback: string): string {
  return join(value && isAbsolute(value) ? value : join(home, fallback), 'drydock');
}
