import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../../kernel/index.ts';
import { RegistryError } from '../errors.ts';
import { type AuthFile, keysFor, parseAuthFile } from './auth-file.ts';
import type { Credentials, CredentialsProvider } from './credentials.ts';
import { type HelperRunner, helperRunner } from './helper.ts';

export interface StoredCredentialsOptions {
  /** Environment: `REGISTRY_AUTH_FILE`, `DOCKER_CONFIG`, `XDG_RUNTIME_DIR`, `HOME`, `PATH`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads a file, undefined when there is none. Default: the file system. */
  readonly read?: (path: string) => Promise<Uint8Array | undefined>;
  readonly runHelper?: HelperRunner;
}

/**
 * The credentials that `docker login` and `podman login` have stored. Files in order, the first that knows the
 * registry counts: `$REGISTRY_AUTH_FILE`, Podman's per-session and per-user files, Docker's. In a file a helper for the
 * registry comes before stored credentials, these before the general helper. Files are read once.
 */
export function storedCredentials(options: StoredCredentialsOptions): CredentialsProvider {
  const read = options.read ?? readIfThere;
  const runHelper = options.runHelper ?? helperRunner(options.env);
  let files: Promise<readonly AuthFile[]> | undefined;
  return async ({ registry, repository }, signal) => {
    files ??= loadFiles(authFilePaths(options.env), read);
    for (const file of await files) {
      const found = await findIn(file, registry, repository, runHelper, signal);
      if (found) return found;
    }
    return undefined;
  };
}

/** Where credentials may be stored, in the order of their precedence. */
export function authFilePaths(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  // A file that is named outright is the only one.
  if (env.REGISTRY_AUTH_FILE) return [env.REGISTRY_AUTH_FILE];
  const { HOME: home, XDG_RUNTIME_DIR: runtime, XDG_CONFIG_HOME: config, DOCKER_CONFIG: docker } = env;
  const paths: string[] = [];
  if (runtime) paths.push(join(runtime, 'containers', 'auth.json'));
  if (config) paths.push(join(config, 'containers', 'auth.json'));
  else if (home) paths.push(join(home, '.config', 'containers', 'auth.json'));
  if (docker) paths.push(join(docker, 'config.json'));
  else if (home) paths.push(join(home, '.docker', 'config.json'));
  return paths;
}

async function loadFiles(
  paths: readonly string[],
  read: (path: string) => Promise<Uint8Array | undefined>,
): Promise<readonly AuthFile[]> {
  const files: AuthFile[] = [];
  for (const path of paths) {
    const bytes = await read(path);
    if (bytes !== undefined && bytes.length > 0) files.push(parseAuthFile(bytes, path));
  }
  return files;
}

async function findIn(
  file: AuthFile,
  registry: string,
  repository: string | undefined,
  runHelper: HelperRunner,
  signal: AbortSignal,
): Promise<Credentials | undefined> {
  const keys = keysFor(registry, repository);
  const server = registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
  const helper = keys.map((key) => file.credHelpers.get(key)).find((name) => name !== undefined);
  if (helper !== undefined) return runHelper(helper, server, signal);
  const stored = keys.map((key) => file.auths.get(key)).find((credentials) => credentials !== undefined);
  if (stored !== undefined) return stored;
  return file.credsStore === undefined ? undefined : runHelper(file.credsStore, server, signal);
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return undefined;
    throw new RegistryError('invalid_credentials', `cannot read ${path}: ${messageOf(cause)}`, { cause });
  }
}
