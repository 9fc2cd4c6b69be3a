import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

/** What the daemon of a test knows and how it is set. */
export interface RealClamdOptions {
  /** Below this directory: databases, socket, configuration. */
  readonly directory: string;
  /** Our own signatures, by file name. */
  readonly databases: Readonly<Record<string, string>>;
  /** Further lines of its configuration. */
  readonly settings?: readonly string[];
}

/** Starts the daemon of ClamAV on a unix socket and on a port of this machine; it ends with the test. */
export async function realClamd(t: TestContext, program: string, options: RealClamdOptions) {
  const { directory, databases, settings = [] } = options;
  const data = join(directory, 'db');
  await mkdir(data, { recursive: true });
  for (const [name, text] of Object.entries(databases)) await writeFile(join(data, name), text);
  const port = await freePort();
  const socket = join(directory, 'clamd.sock');
  const lines = [
    ...[`LocalSocket ${socket}`, `TCPSocket ${port}`, 'TCPAddr 127.0.0.1', `DatabaseDirectory ${data}`],
    ...['Foreground yes', `TemporaryDirectory ${directory}`, 'SelfCheck 3600', ...settings],
  ];
  const file = join(directory, 'clamd.conf');
  await writeFile(file, `${lines.join('\n')}\n`);
  const daemon = spawn(program, [`--config-file=${file}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  daemon.stderr?.on('data', (bytes: Buffer) => {
    told = (told + bytes.toString()).slice(-2000);
  });
  const stop = () => ended(daemon);
  t.after(stop);
  for (let tries = 0; !(await answers(socket)); tries++) {
    if (tries > 200 || daemon.exitCode !== null) throw new Error(`clamd does not start: ${told}`);
    await delay(50);
  }
  return { unix: `unix:${socket}`, tcp: `tcp://127.0.0.1:${port}`, stop };
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function ended(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const exit = new Promise((resolve) => daemon.once('exit', resolve));
  daemon.kill('SIGKILL');
  await exit;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
