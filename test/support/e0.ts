import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { root } from '../arch/source-tree.ts';
import { findProgram } from './system.ts';
import { sha256 } from './test-image.ts';

/** A secret that must never be seen outside the file that holds it, or at a server that it is not for. */
export const canarySecret = 'canary-5f1c9e-secret';
/** Resident memory that no hostile input may exceed unless its row says so. */
export const memoryCap = 350 * 1024 * 1024;

/** One finished run of the command line, after the common expectation E0 was checked. */
export interface E0Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds. */
  readonly wall: number;
  /** Peak resident memory in bytes; undefined when the process was killed. */
  readonly peak: number | undefined;
  /** `host:port` of every connection that was begun. */
  readonly connections: readonly string[];
}

/** How one run is arranged and what it may do. */
export interface E0Options {
  /** Longest wall time in milliseconds; default 60,000. */
  readonly wallLimit?: number;
  /** Cap of resident memory in bytes. */
  readonly cap?: number;
  /** Heap of the process in MiB, where it is to be small. */
  readonly heap?: number;
  /** Connections that are declared; anything else fails the test. Without any, the process gets no network at all. */
  readonly connections?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Signals the process as soon as `when` is fulfilled. */
  readonly interrupt?: { readonly when: Promise<unknown>; readonly signal: NodeJS.Signals };
  /** A disk of so many bytes in the place of one directory; needs the sandbox ({@link canSandbox}). */
  readonly disk?: { readonly path: string; readonly bytes: number };
  /** Further directories that the command is told to write to. */
  readonly writable?: readonly string[];
}

/** A private place for runs of the command line, and a world around it that must not change. */
export interface E0World {
  /** Holds inputs; read-only for the process under test unless declared writable. */
  readonly images: string;
  /** The task's private directory: home, data and temporary files. */
  readonly private: string;
  /** Stands for the host: its files must be the same after every run. */
  readonly host: string;
  /** The environment of runs, for tests that start the command line themselves. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs `drydock` and asserts E0: terminal, documented exit code, memory, files, connections, texts, secrets. */
  run(args: readonly string[], options?: E0Options): Promise<E0Run>;
}

/** Makes a world; removed when the tests of the file have ended. */
export async function e0World(): Promise<E0World> {
  const base = await mkdtemp(join(tmpdir(), 'drydock-e0-'));
  after(() => rm(base, { recursive: true, force: true }));
  const [images, priv, host] = ['images', 'private', 'host'].map((name) => join(base, name)) as [
    string,
    string,
    string,
  ];
  await mkdir(images);
  await mkdir(join(priv, 'tmp'), { recursive: true });
  await mkdir(join(priv, 'home', '.docker'), { recursive: true });
  await mkdir(join(host, 'etc/cron.d'), { recursive: true });
  await writeFile(join(host, 'etc/passwd'), 'root:x:0:0:\n');
  const auth = Buffer.from(`user:${canarySecret}`).toString('base64');
  const auths = { 'registry.example': { auth }, 'https://index.docker.io/v1/': { auth } };
  await writeFile(join(priv, 'home/.docker/config.json'), JSON.stringify({ auths }));
  const world = { images, private: priv, host };
  const env = environment(world, {}, join(priv, 'e0-report'));
  return { ...world, env, run: (args, options = {}) => runUnderE0(world, args, options) };
}

/** Whether processes can be put into a sandbox here; without it, files are compared but not protected. */
export const canSandbox = sandboxWorks();

/** Containers often forbid the namespaces that a sandbox is made of. */
function sandboxWorks(): boolean {
  const program = findProgram('bwrap');
  return (
    program !== undefined && spawnSync(program, ['--ro-bind', '/', '/', '--unshare-net', '--', 'true']).status === 0
  );
}

type Places = Omit<E0World, 'run' | 'env'>;

async function runUnderE0(world: Places, args: readonly string[], options: E0Options): Promise<E0Run> {
  const before = await snapshot(world);
  const report = join(world.private, 'e0-report');
  await rm(report, { force: true });
  const finished = await execute(world, args, options, report);
  const notes = readNotes(report);
  const run: E0Run = {
    ...finished,
    peak: notes.find(({ peak }) => peak !== undefined)?.peak,
    connections: notes.flatMap(({ connect }) => (connect === undefined ? [] : [connect])),
  };
  const told = `\n${run.stderr.slice(-2000)}`;
  assert.ok(run.wall < (options.wallLimit ?? 60_000), `took ${Math.round(run.wall)} ms${told}`);
  if (run.signal === null) {
    assert.ok(Object.values<number | null>(exitCodes).includes(run.code), `exit code ${run.code} is documented${told}`);
    assert.ok((run.peak ?? Infinity) <= (options.cap ?? memoryCap), `peak memory ${run.peak} bytes${told}`);
  }
  const undeclared = run.connections.filter((target) => !(options.connections ?? []).includes(target));
  assert.deepEqual(undeclared, [], 'no undeclared connection');
  assert.deepEqual(
    notes.flatMap(({ spawn: started }) => (started ? [started] : [])),
    [],
    'no child process',
  );
  assertSafeText(run);
  if (!options.writable)
    assert.deepEqual(await snapshot(world), before, 'nothing outside the private directory changed');
  if (run.signal === null) await assertTidy(world);
  return run;
}

interface Note {
  readonly connect?: string;
  readonly spawn?: readonly string[];
  readonly peak?: number;
}

function readNotes(path: string): readonly Note[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Note);
}

/** Control characters, direction changes, stack traces and secrets have no business on a terminal. */
function assertSafeText({ stdout, stderr }: E0Run): void {
  const json = stdout.startsWith('{');
  for (const text of json ? [stderr] : [stdout, stderr]) {
    assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u, 'nothing steers the terminal');
    assert.doesNotMatch(text, /^ {4}at .*:\d+:\d+\)?$/m, 'no stack trace');
  }
  for (const text of [stdout, stderr]) assert.ok(!text.includes(canarySecret), 'the secret stays secret');
}

/** Half-written files and temporary directories are gone when the process has ended by itself. */
async function assertTidy(world: Places): Promise<void> {
  const list = (directory: string): Promise<string[]> => readdir(directory).catch(() => []);
  assert.deepEqual(await list(join(world.private, 'tmp')), [], 'no temporary file is left');
  assert.deepEqual(await list(join(world.private, 'data/blobs/incoming')), [], 'no half-written blob is left');
}

async function execute(
  world: Places,
  args: readonly string[],
  options: E0Options,
  report: string,
): Promise<Omit<E0Run, 'peak' | 'connections'>> {
  const [command = '', ...prefix] = [...sandbox(world, options), join(root, 'bin/drydock')];
  const started = performance.now();
  const child = spawn(command, [...prefix, ...args], {
    env: environment(world, options, report),
    cwd: world.private,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  void options.interrupt?.when.then(() => child.kill(options.interrupt?.signal));
  const timer = setTimeout(() => child.kill('SIGKILL'), (options.wallLimit ?? 60_000) + 5000);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...ended) => resolve(ended));
  });
  clearTimeout(timer);
  return { code, signal, stdout, stderr, wall: performance.now() - started };
}

function environment(world: Places, options: E0Options, report: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: join(world.private, 'home'),
    TMPDIR: join(world.private, 'tmp'),
    DRYDOCK_DATA_DIR: join(world.private, 'data'),
    NODE_COMPILE_CACHE: join(world.private, 'compile-cache'),
    NODE_OPTIONS: [
      `--import=${join(import.meta.dirname, 'e0-trap.ts')} --disable-warning=ExperimentalWarning`,
      ...(options.heap === undefined ? [] : [`--max-old-space-size=${options.heap} --max-semi-space-size=1`]),
    ].join(' '),
    E0_REPORT: report,
    ...options.env,
  };
}

/**
 * Where the system has bubblewrap, the process sees everything but can write only to its private directory, and has no
 * network unless connections are declared. Runs that are to be signalled go without: the signal is for Drydock.
 */
function sandbox(world: Places, options: E0Options): readonly string[] {
  const program = findProgram('bwrap');
  if (program === undefined || !canSandbox || options.interrupt) return [];
  return [
    ...[program, '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
    ...['--bind', world.private, world.private, '--die-with-parent'],
    ...(options.writable ?? []).flatMap((path) => ['--bind', path, path]),
    ...(options.disk ? ['--size', String(options.disk.bytes), '--tmpfs', options.disk.path] : []),
    ...(options.connections ? [] : ['--unshare-net']),
    '--',
  ];
}

/** Path, kind, mode and content of everything around the private directory. */
async function snapshot(world: Places): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const top of [world.host, world.images]) {
    for (const entry of (await readdir(top, { recursive: true })).toSorted()) {
      const path = join(top, entry);
      const stat = await lstat(path);
      const content = stat.isSymbolicLink() ? await readlink(path) : stat.isFile() ? await contentOf(path, stat) : '';
      lines.push(`${path} ${stat.mode.toString(8)} ${content}`);
    }
  }
  return lines;
}

/** Large files are told by size and time: hashing a bomb before and after each run would take longer than the run. */
async function contentOf(path: string, { size, mtimeMs }: { size: number; mtimeMs: number }): Promise<string> {
  return size > 1024 * 1024 ? `${size} ${mtimeMs}` : sha256(await readFile(path));
}
