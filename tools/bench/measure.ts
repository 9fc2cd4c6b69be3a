import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** One finished run of a process, measured from outside. */
export interface Measured {
  readonly seconds: number;
  /** CPU time of the process and of children that it waited for, in seconds; the last 10 ms can be missed. */
  readonly cpuSeconds: number;
  /** Highest resident size of the process itself in MiB, from the kernel's own high-water mark. */
  readonly peakMiB: number;
  readonly stdout: string;
}

/**
 * Runs a program and measures it. The kernel's high-water mark is read while the process runs, every 10 ms, because
 * it is gone with the process; a peak in the last 10 ms can be missed.
 */
export async function measure(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; accept?: readonly number[] } = {},
): Promise<Measured> {
  const started = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...(options.env && { env: options.env }) });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  let peakKiB = 0;
  let ticks = 0;
  const sampler = setInterval(async () => {
    const [status, stat] = await Promise.all(
      ['status', 'stat'].map((name) => readFile(`/proc/${child.pid}/${name}`, 'utf8').catch(() => '')),
    );
    peakKiB = Math.max(peakKiB, Number(/VmHWM:\s+(\d+)/.exec(status ?? '')?.[1] ?? 0));
    ticks = Math.max(ticks, cpuTicks(stat ?? ''));
  }, 10);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const seconds = (performance.now() - started) / 1000;
  clearInterval(sampler);
  if (!(options.accept ?? [0]).includes(code ?? -1)) {
    throw new Error(
      `${command} ${args.join(' ')} ended with ${code}: ${Buffer.concat(stderr).toString().slice(-2000)}`,
    );
  }
  const cpuSeconds = ticks / ticksPerSecond;
  return { seconds, cpuSeconds, peakMiB: peakKiB / 1024, stdout: Buffer.concat(stdout).toString() };
}

/** USER_HZ, which Linux fixes at 100 for what it shows of processes. */
const ticksPerSecond = 100;

/** utime, stime, cutime and cstime of a line of `/proc/<pid>/stat`; the name before them may hold anything. */
function cpuTicks(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) || 0;
}

/** The middle of several runs by wall time; peak memory is the highest of all. */
export async function median(runs: number, once: (run: number) => Promise<Measured>): Promise<Measured> {
  const all: Measured[] = [];
  for (let index = 0; index < runs; index++) all.push(await once(index));
  all.sort((a, b) => a.seconds - b.seconds);
  const middle = all[Math.floor(all.length / 2)];
  if (middle === undefined) throw new Error('a benchmark needs at least one run');
  return { ...middle, peakMiB: Math.max(...all.map(({ peakMiB }) => peakMiB)) };
}

/** One line of a benchmark: the figure, its reference in the same run, the ratio and the target. */
export function report(line: {
  readonly name: string;
  readonly ours: number;
  readonly reference?: number;
  readonly unit: string;
  readonly referenceName?: string;
  readonly peakMiB?: number;
  /** Highest ratio, or highest value where there is no reference. */
  readonly target?: number;
  readonly targetMiB?: number;
}): void {
  const ratio = line.reference === undefined ? undefined : line.ours / line.reference;
  const judged = ratio ?? line.ours;
  const parts = [
    line.name.padEnd(44),
    `${line.ours.toFixed(2)} ${line.unit}`.padStart(12),
    line.reference === undefined
      ? ''
      : `${line.referenceName}: ${line.reference.toFixed(2)} ${line.unit}, ratio ${ratio?.toFixed(2)}`,
    line.target === undefined ? '' : `target ≤ ${line.target} ${judged <= line.target ? 'met' : 'MISSED'}`,
    line.peakMiB === undefined ? '' : `peak ${line.peakMiB.toFixed(0)} MiB`,
    line.targetMiB === undefined || line.peakMiB === undefined
      ? ''
      : `target ≤ ${line.targetMiB} ${line.peakMiB <= line.targetMiB ? 'met' : 'MISSED'}`,
  ];
  console.log(parts.filter((part) => part !== '').join(' · '));
}
