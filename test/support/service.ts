import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from '../arch/source-tree.ts';
import { environmentOf } from './drydock.ts';

/** The first administrator of services that tests start. */
export const administrator = { id: 'DrydockTestKey01', secret: 'secret-of-the-first-administrator&1' };

/** A real `drydock serve` in a process of its own. */
export interface RunningService extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly process: ChildProcess;
  /** What it has logged so far. */
  log(): string;
  /** Ends it as an operator would; the exit code. */
  stop(): Promise<number | null>;
  /** kill -9 of the server and, with them, of the jobs that it runs. */
  kill(): Promise<void>;
}

export interface ServiceOptions {
  readonly dataDirectory: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Fixed, so that clients find a restarted service; default: any free one. */
  readonly port?: number;
  readonly args?: readonly string[];
}

/** Starts `drydock serve` with registries on loopback allowed, and waits until it is ready. */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const env = {
    ...environmentOf(options.dataDirectory),
    DRYDOCK_REGISTRY_ALLOW: '127.0.0.0/8',
    DRYDOCK_BOOTSTRAP_ACCESS_KEY: `${administrator.id}:${administrator.secret}`,
    ...options.env,
  };
  const args = ['serve', '--listen', `127.0.0.1:${options.port ?? 0}`, ...(options.args ?? [])];
  // A group of its own: kill() takes its jobs along, as the loss of a machine would.
  const child = spawn(join(root, 'bin/drydock'), args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-1_000_000);
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const host = await ready(child, () => log);
  return {
    host,
    process: child,
    log: () => log,
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
    async kill() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
      await ended;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await Promise.race([ended, delay(10_000).then(() => child.pid && process.kill(-child.pid, 'SIGKILL'))]);
    },
  };
}

async function ready(child: ChildProcess, log: () => string): Promise<string> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const host = /https?:\/\/([0-9.]+:[0-9]+)/.exec(log())?.[1];
    if (host !== undefined && (await answers(host))) return host;
    await delay(50);
  }
  throw new Error(`the service did not become ready:\n${log()}`);
}

async function answers(host: string): Promise<boolean> {
  try {
    return (await fetch(`http://${host}/readyz`)).status === 200;
  } catch {
    return false;
  }
}
