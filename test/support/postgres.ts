import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, chownSync, constants, globSync, rmSync } from 'node:fs';
import { chmod, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { mustRun } from './run.ts';
import { cached } from './test-cache.ts';

/** A private PostgreSQL cluster that lives as long as the test process at most. */
export interface PostgresCluster {
  /** Makes an empty database; returns its URL. */
  createDatabase(): Promise<string>;
  /** Breaks every connection, as a restart of the server would. */
  breakConnections(): Promise<void>;
  stop(): Promise<void>;
}

/** Folder with the server's programs, the newest version; undefined where PostgreSQL is not installed. */
export function findPostgres(): string | undefined {
  const folders = globSync('/usr/lib/postgresql/*/bin').sort(
    (a, b) => Number(/\d+/.exec(b)?.[0] ?? 0) - Number(/\d+/.exec(a)?.[0] ?? 0),
  );
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => isExecutable(join(folder, name))));
}

/** Why tests on PostgreSQL are skipped; false = they are not. */
export const postgresMissing: string | false =
  findPostgres() === undefined ? 'needs postgresql: run tools/system-deps.sh' : false;

let shared: Promise<PostgresCluster> | undefined;

/** The cluster of this test process, started when first asked for. */
export function sharedPostgres(): Promise<PostgresCluster> {
  shared ??= startPostgres();
  return shared;
}

/** Stops {@link sharedPostgres} if it was started. */
export async function stopSharedPostgres(): Promise<void> {
  const running = shared;
  shared = undefined;
  await (await running)?.stop();
}

/** Starts a cluster in a temporary folder, reachable only through a socket in it. As root, it runs as nobody. */
export async function startPostgres(): Promise<PostgresCluster> {
  const bin = findPostgres();
  if (bin === undefined) throw new Error('PostgreSQL is not installed');
  const folder = await mkdtemp(join(tmpdir(), 'ddpg-'));
  const user = await unprivileged();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  await chmod(folder, 0o700);
  const data = join(folder, 'data');
  // Copying a new cluster takes a tenth of the time that making one takes.
  await mustRun('cp', ['-a', await newCluster(bin, user), data]);
  const settings = ['fsync=off', 'listen_addresses=', `unix_socket_directories=${folder}`, 'max_connections=200'];
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
    cwd: folder,
    ...user,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const log: string[] = [];
  server.stderr.on('data', (chunk: Buffer) => log.push(chunk.toString()));
  const killNow = (): void => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  // A signal ends a process without `exit`; the server would stay.
  const onSignal = (): void => process.exit(1);
  process.once('exit', killNow);
  process.once('SIGTERM', onSignal);
  process.once('SIGINT', onSignal);
  const url = (database: string): string => `postgresql://drydock@/${database}?host=${encodeURIComponent(folder)}`;
  await untilReady(url('postgres'), server, log);
  const admin = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url('postgres') });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  let count = 0;
  return {
    async createDatabase() {
      const name = `t${++count}`;
      await admin(`CREATE DATABASE ${name}`);
      return url(name);
    },
    breakConnections: () =>
      admin('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()'),
    async stop() {
      process.off('exit', killNow);
      process.off('SIGTERM', onSignal);
      process.off('SIGINT', onSignal);
      const ended = new Promise((resolve) => server.once('close', resolve));
      if (server.exitCode === null && server.kill('SIGINT')) await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The files of a cluster that was never started, the same for all tests of this version. */
function newCluster(bin: string, user: { uid: number; gid: number } | undefined): Promise<string> {
  const name = `postgres-${createHash('sha256')
    .update(JSON.stringify([bin, user]))
    .digest('hex')
    .slice(0, 12)}`;
  return cached(name, async (path) => {
    // In a folder of the user's own: it may not write where the cache is.
    const folder = await mkdtemp(join(tmpdir(), 'ddpg-'));
    if (user !== undefined) chownSync(folder, user.uid, user.gid);
    const made = join(folder, 'data');
    const options = ['-U', 'drydock', '--auth=trust', '--no-sync', '--locale=C', '--encoding=UTF8'];
    await mustRun(join(bin, 'initdb'), ['-D', made, ...options], { cwd: folder, ...user });
    await mustRun('mv', [made, path]);
    rmSync(folder, { recursive: true });
  });
}

/** Every row of every table of a database as text, bytes in hexadecimal. */
export async function textOfDatabase(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const parts: string[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
      parts.push(name, ...rows.map(({ text }) => text));
    }
    return parts.join('\n');
  } finally {
    await client.end();
  }
}

async function untilReady(url: string, server: ChildProcess, log: readonly string[]): Promise<void> {
  for (let attempt = 0; attempt < 1200; attempt++) {
    if (server.exitCode !== null) break;
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await sleep(50);
    }
  }
  server.kill('SIGKILL');
  throw new Error(`PostgreSQL did not start:\n${log.join('').slice(-2000)}`);
}

/** The server refuses to run as root. */
async function unprivileged(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  return { uid: Number(user?.[2] ?? 65534), gid: Number(user?.[3] ?? 65534) };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
