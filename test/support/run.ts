import { spawn } from 'node:child_process';

/** What a finished program left. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Wall time in milliseconds. */
  readonly ms: number;
}

/** Runs a program with an argument array and no standard input; never throws for its exit code. */
export async function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; signal?: AbortSignal } = {},
): Promise<Finished> {
  const started = performance.now();
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve([code, signal]));
  });
  return {
    code,
    signal,
    stdout: Buffer.concat(stdout).toString(),
    stderr: Buffer.concat(stderr).toString(),
    ms: performance.now() - started,
  };
}

/** Like {@link run}, and throws with what the program said when it did not exit with 0. */
export async function mustRun(...args: Parameters<typeof run>): Promise<Finished> {
  const finished = await run(...args);
  if (finished.code === 0) return finished;
  throw new Error(
    `${args[0]} ${args[1].join(' ')} ended with ${finished.code ?? finished.signal}:\n${(finished.stderr || finished.stdout).slice(-3000)}`,
  );
}
