import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
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

/** A real `drydock worker`. */
export type RunningWorker = Omit<RunningService, 'host'>;

/** Starts `drydock serve` with registries on loopback allowed, and waits until it is ready. */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const args = ['serve', '--listen', `127.0.0.1:${options.port ?? 0}`, ...(options.args ?? [])];
  const running = startDetached(args, options);
  const host = await ready(running.process, running.log);
  return { ...running, host };
}

/** Starts `drydock worker` over the same data directory and database. */
export async function startWorker(options: ServiceOptions): Promise<RunningWorker> {
  const running = startDetached(['worker', ...(options.args ?? [])], options);
  for (let attempt = 0; attempt < 2400 && running.process.exitCode === null; attempt++) {
    if (running.log().includes('"working"')) return running;
    await delay(50);
  }
  throw new Error(`the worker did not become ready:\n${running.log()}`);
}

/** The environment in which {@link startService} runs, for commands over the same store. */
export function serviceEnvironment({ dataDirectory, env }: ServiceOptions): NodeJS.ProcessEnv {
  return {
    ...environmentOf(dataDirectory),
    DRYDOCK_REGISTRY_ALLOW: '127.0.0.0/8',
    DRYDOCK_BOOTSTRAP_ACCESS_KEY: `${administrator.id}:${administrator.secret}`,
    ...env,
  };
}

function startDetached(args: readonly string[], options: ServiceOptions): RunningWorker {
  const env = serviceEnvironment(options);
  // A group of its own: kill() takes its jobs along, as the loss of a machine would.
  const child = spawn(join(root, 'bin/drydock'), args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-1_000_000);
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const alive = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    process: child,
    log: () => log,
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
    async kill() {
      if (child.pid !== undefined && alive()) process.kill(-child.pid, 'SIGKILL');
      await ended;
    },
    async [Symbol.asyncDispose]() {
      if (!alive()) return;
      child.kill('SIGTERM');
      const force = setTimeout(() => child.pid && process.kill(-child.pid, 'SIGKILL'), 10_000);
      await ended;
      clearTimeout(force);
    },
  };
}

/** Processes that a process has started, by the kernel's list. */
export function childrenOf(parent: number): number[] {
  const text = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

async function ready(child: ChildProcess, log: () => string): Promise<string> {
  for (let attempt = 0; attempt < 2400; attempt++) {
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

/** An answer of the native API. */
export interface NativeAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers by the published names
  readonly body: any;
}

/** Calls the native API with an access key; never throws for a refusal. */
export type NativeCall = (method: string, path: string, body?: unknown) => Promise<NativeAnswer>;

/** A caller of the native API of a running service; the first administrator unless another key is given. */
export function nativeClient(
  host: string,
  key: { readonly id: string; readonly secret: string } = administrator,
): NativeCall {
  const authorization = `Basic ${Buffer.from(`${key.id}:${key.secret}`).toString('base64')}`;
  return async (method, path, body) => {
    const response = await fetch(`http://${host}/api/v1${path}`, {
      method,
      headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = /^application\/(problem\+)?json\b/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, body: json ? JSON.parse(text) : text };
  };
}
