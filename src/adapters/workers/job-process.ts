import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import process from 'node:process';
import { type ClaimedJob, type JobContext, JobError } from '../../jobs/index.ts';
import { RemoteError } from './errors.ts';
import type { ToChild, ToParent } from './protocol.ts';

/** How job processes are started and kept in bounds. */
export interface JobProcessOptions {
  /** The module that the process runs; it calls `serveJobs`. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Bound of JavaScript's heap, MiB. */
  readonly heapMiB: number;
  /** A process that takes more resident memory than this is ended, MiB. */
  readonly residentMiB: number;
  /** How long a process may finish what must not be torn apart after it was asked to stop, ms. */
  readonly graceMs: (job: ClaimedJob) => number;
  /** A process that says nothing for so long hangs and is ended, ms. */
  readonly silentMs: number;
}

const memoryEveryMs = 500;
const tailBytes = 8_192;
/** How far job processes stand back (nice value): where processors are short, people who wait for an answer go first. */
const standBack = 5;

/** The run of one job in a process. */
interface Run {
  readonly job: ClaimedJob;
  readonly context: JobContext;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** One job process: does jobs one after the other, and is ended when it takes too much, hangs or does not stop. */
export class JobProcess {
  /** Settles when the process is gone. */
  readonly gone: Promise<void>;
  readonly #options: JobProcessOptions;
  readonly #child: ChildProcess;
  #run: Run | undefined;
  #tail = '';
  #verdict: JobError | undefined;
  #heardAt = performance.now();
  #left = false;

  constructor(options: JobProcessOptions) {
    this.#options = options;
    this.#child = fork(options.entry, [...options.args], {
      execArgv: execArguments(options.heapMiB),
      env: options.env,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    yieldToServer(this.#child.pid);
    this.gone = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        this.#ended(code, signal);
        resolve();
      });
      // A process that could not even be started has no exit.
      this.#child.once('error', (error) => {
        if (this.#child.pid !== undefined) return;
        this.#verdict = new JobError('worker_lost', `a job process could not be started: ${error.message}`, {
          cause: error,
          retryable: true,
        });
        this.#ended(null, null);
        resolve();
      });
    });
    this.#child.on('message', (message: ToParent) => this.#heard(message));
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      process.stderr.write(chunk);
      this.#tail = (this.#tail + chunk.toString('latin1')).slice(-tailBytes);
    });
    const watch = setInterval(() => void this.#watch(), memoryEveryMs);
    watch.unref();
    void this.gone.then(() => clearInterval(watch));
  }

  /** False once the process is gone or about to go. */
  get usable(): boolean {
    return !this.#left && this.#verdict === undefined && this.#child.connected;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Does one job; only one at a time. @throws RemoteError what the job failed with; JobError for its process */
  async run(job: ClaimedJob, context: JobContext): Promise<void> {
    const { signal } = context;
    let grace: NodeJS.Timeout | undefined;
    const stop = (): void => {
      const reason: unknown = signal.reason;
      const code = reason instanceof JobError ? reason.code : 'worker_lost';
      this.#send({ kind: 'stop', jobId: job.id, code, message: reason instanceof Error ? reason.message : 'stopped' });
      grace = setTimeout(() => {
        this.#kill(new JobError('timeout', 'the job did not stop when it was asked to', { retryable: true }));
      }, this.#options.graceMs(job));
      grace.unref();
    };
    try {
      await new Promise<void>((resolve, reject) => {
        this.#run = { job, context, resolve, reject };
        this.#heardAt = performance.now();
        this.#send({ kind: 'run', job });
        if (signal.aborted) stop();
        else signal.addEventListener('abort', stop, { once: true });
      });
    } finally {
      clearTimeout(grace);
      signal.removeEventListener('abort', stop);
      this.#run = undefined;
    }
  }

  /** Ends an idle process; it has nothing that could be torn apart. */
  end(): void {
    if (this.#child.connected) this.#child.disconnect();
    else this.#child.kill('SIGKILL');
  }

  #send(message: ToChild): void {
    // A process that is just ending refuses; its exit says what has to be said.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #heard(message: ToParent): void {
    this.#heardAt = performance.now();
    if (message.kind === 'alive' || message.jobId !== this.#run?.job.id) return;
    const { context, resolve, reject } = this.#run;
    if (message.kind === 'progress') context.progress(message.progress);
    else if (message.kind === 'done') resolve();
    else reject(new RemoteError(message.code, message.message, { retryable: message.retryable }));
  }

  async #watch(): Promise<void> {
    if (this.#run && performance.now() - this.#heardAt > this.#options.silentMs) {
      this.#kill(new JobError('worker_lost', 'the job process hung and was ended', { retryable: true }));
      return;
    }
    const resident = await residentMiB(this.#child.pid);
    if (resident === undefined || resident <= this.#options.residentMiB) return;
    this.#kill(outOfMemory(`${Math.round(resident)} MiB of at most ${this.#options.residentMiB} MiB`));
  }

  #kill(verdict: JobError): void {
    this.#verdict ??= verdict;
    // Not to be caught or put off, and it reaches stopped processes too.
    this.#child.kill('SIGKILL');
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    this.#left = true;
    const heap = /heap limit|heap out of memory|Allocation failed/i.test(this.#tail);
    const how = signal === null ? `exit code ${code}` : signal;
    this.#run?.reject(
      this.#verdict ??
        (heap
          ? outOfMemory(`its heap of ${this.#options.heapMiB} MiB`)
          : new JobError('worker_lost', `the job process ended by itself (${how})`, {
              retryable: true,
              hint: 'When this repeats, look for the kernel ending processes for lack of memory.',
            })),
    );
  }
}

function outOfMemory(what: string): JobError {
  return new JobError('out_of_memory', `the job needed more memory than it may have: ${what}`, {
    hint: 'Raise the memory of job processes, or leave the image out.',
  });
}

/** Set from here, at once, because a process takes over the value for every thread that it starts later. */
function yieldToServer(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, standBack);
  } catch {
    // Gone already, or not allowed here: the job runs all the same.
  }
}

/** Flags that a job process takes over; others, such as those of a test run or a debugger, are about this process. */
const sharedFlags = /^--(max-semi-space-size|disable-warning|use-system-ca|use-openssl-ca|enable-source-maps)(=|$)/;

function execArguments(heapMiB: number): string[] {
  return [...process.execArgv.filter((flag) => sharedFlags.test(flag)), `--max-old-space-size=${heapMiB}`];
}

/** Resident memory of a process; undefined where that cannot be read (other systems, process gone). */
async function residentMiB(pid: number | undefined): Promise<number | undefined> {
  if (pid === undefined) return undefined;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? undefined : Number(kib) / 1024;
}
