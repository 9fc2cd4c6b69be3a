import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A running registry of Debian's docker-registry package with an empty store. */
export interface DockerRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  stop(): Promise<void>;
}

export interface DockerRegistryOptions {
  /** Full path of `docker-registry`, from `needs()`. */
  readonly program: string;
  /** Protects the registry with one user; `htpasswd` is the full path of that program. */
  readonly user?: { readonly name: string; readonly password: string; readonly htpasswd: string };
  /** Where it sends its notifications to, with which `Authorization`. */
  readonly hook?: { readonly url: string; readonly authorization: string };
}

/** Starts docker-registry on a free loopback port; `await using` or `stop()` ends it and removes its files. */
export async function startDockerRegistry(options: DockerRegistryOptions): Promise<DockerRegistry> {
  const directory = await mkdtemp(join(tmpdir(), 'drydock-registry-'));
  const host = `127.0.0.1:${await freePort()}`;
  await writeFile(join(directory, 'config.yml'), await config(directory, host, options));
  const child = spawn(options.program, ['serve', join(directory, 'config.yml')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000);
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 3000);
      await ended;
      clearTimeout(force);
    }
    await rm(directory, { recursive: true, force: true });
  };
  for (let attempt = 0; attempt < 1200; attempt++) {
    if (child.exitCode !== null) break;
    if (await answers(host)) return { host, stop, [Symbol.asyncDispose]: stop };
    await delay(50);
  }
  await stop();
  throw new Error(`docker-registry did not start: ${errors}`);
}

async function config(
  directory: string,
  host: string,
  { user, hook }: Pick<DockerRegistryOptions, 'user' | 'hook'>,
): Promise<string> {
  const lines = [
    'version: 0.1',
    'log: { level: error, accesslog: { disabled: true } }',
    `storage: { filesystem: { rootdirectory: "${join(directory, 'data')}" }, delete: { enabled: true } }`,
    `http: { addr: "${host}" }`,
  ];
  if (user) {
    const path = join(directory, 'htpasswd');
    const { stdout } = await promisify(execFile)(user.htpasswd, ['-Bbn', user.name, user.password]);
    await writeFile(path, stdout);
    lines.push(`auth: { htpasswd: { realm: test, path: "${path}" } }`);
  }
  if (hook) {
    const headers = `headers: { Authorization: ["${hook.authorization}"] }`;
    const endpoint = `name: test, url: "${hook.url}", ${headers}, timeout: 2s, threshold: 5, backoff: 1s`;
    lines.push(`notifications: { endpoints: [{ ${endpoint} }] }`);
  }
  return `${lines.join('\n')}\n`;
}

async function answers(host: string): Promise<boolean> {
  try {
    const response = await fetch(`http://${host}/v2/`);
    return response.status === 200 || response.status === 401;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
