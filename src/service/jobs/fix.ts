import type { FixReport, ScanReport } from '../../findings/index.ts';
import { type FixDeps, type FixJournal, type FixRecord, type FixRun, runFix } from '../../fix/index.ts';
import type { BlobStore, Digest } from '../../image/index.ts';
import { type ClaimedJob, type Fence, type JobContext, JobError, type JobHandler } from '../../jobs/index.ts';
import { CodedError, hasCode, messageOf, type ProgressEvent } from '../../kernel/index.ts';
import { cleanLine, reportLines } from '../fixes/log-lines.ts';
import type { FixEnding, FixTaskWork, FixWorld } from '../fixes/ports.ts';
import { requestOf } from '../fixes/request-of.ts';

/** Names of the moments around the engine's own at which tests let a fix die. */
export const fixJobFaultPoints: readonly string[] = [
  'task-opened:after',
  'engine-ended:after',
  'result-recorded:before',
  'result-recorded:after',
  'report-ingested:after',
  'task-ended:before',
  'task-ended:after',
];

/** Largest verification report that is read back. */
const reportBytes = 256 * 1024 * 1024;

/** Of no analysers: the image is worth another scan. */
const unfinished = 0;

/** What one run of a fix works with. */
interface Run {
  readonly world: FixWorld;
  readonly work: FixTaskWork;
  readonly fence: Fence;
  readonly job: ClaimedJob;
  readonly context: JobContext;
}

/**
 * Does one fix task with the engine and its journal: a job that died is continued where it stood. Everything is written
 * under the fence of the job, and the engine asks for it before every effect, so a worker that lost the job changes
 * nothing any more, least of all a tag.
 * @param open gives what the first fix of a process needs; later ones share it
 * @param cycle runs the schedule of automatic fixing
 */
export function createFixHandler(open: () => Promise<FixWorld>, cycle: () => Promise<void>): JobHandler {
  let world: Promise<FixWorld> | undefined;
  return {
    kind: 'fix',
    async run(job, context) {
      const payload = job.payload as { taskId?: unknown; cycle?: unknown };
      if (payload.cycle === true) return cycle();
      if (typeof payload.taskId !== 'string') throw new JobError('internal', 'the fix job names no task');
      world ??= open();
      const opened = await world.catch((error: unknown) => {
        world = undefined;
        throw error;
      });
      const work = await opened.store.work(payload.taskId);
      if (work === null || work.ended) return;
      await opened.faultPoint?.('task-opened:after');
      await runTask({ world: opened, work, fence: { jobId: job.id, fence: job.fence }, job, context });
    },
  };
}

async function runTask(run: Run): Promise<void> {
  const { world, work, context } = run;
  let ended: Ended;
  try {
    await using engine = await world.engine(work, context.signal);
    const records = new Recorder(world.store.journal(run.fence, context.held));
    const deps: FixDeps = {
      ...engine.deps,
      journal: records,
      progress: progressOf(context),
      // The task has its id since it was ordered.
      newId: () => work.task.id.slice('ivf-'.length),
      ...(world.faultPoint && { faultPoint: world.faultPoint }),
    };
    const done = await runFix(requestOf({ ...work, newTag: work.task.newTag }, engine.reference), deps, context.signal);
    ended = { ...done, record: records.last, blobs: engine.deps.blobs };
  } catch (error) {
    await assertHeld(await context.held());
    if (mayRetry(run, error)) throw error;
    return finish(run, failedEnding(error, wasCancelled(context)));
  }
  await world.faultPoint?.('engine-ended:after');
  await assertHeld(await context.held());
  // A registry that was away says nothing about the fix: the task goes on when the queue tries the job again.
  if (ended.failure !== undefined && mayRetry(run, ended.failure)) throw ended.failure;
  await finish(run, await endingOf(run, ended));
}

interface Ended extends FixRun {
  readonly record: FixRecord | undefined;
  readonly blobs: BlobStore;
}

/** Somebody asked for the end of the task; a shutdown or a lost lease asks only for the end of this run. */
function wasCancelled({ signal }: JobContext): boolean {
  return signal.aborted && hasCode(signal.reason, 'cancelled');
}

function mayRetry({ job, context }: Run, error: unknown): boolean {
  if (context.signal.aborted) return !wasCancelled(context);
  return error instanceof CodedError && error.retryable && job.attempts < job.maxAttempts;
}

async function finish({ world, work, fence, context }: Run, ending: FixEnding): Promise<void> {
  await world.faultPoint?.('task-ended:before');
  await assertHeld(await world.store.finish(fence, work.task.id, ending));
  await world.faultPoint?.('task-ended:after');
  // The task is cancelled; so is its job, when that was what the signal asked for.
  if (ending.status === 'cancelled') context.signal.throwIfAborted();
}

async function assertHeld(held: boolean): Promise<void> {
  if (!held) throw new JobError('worker_lost', 'the lease of the fix was lost', { retryable: true });
}

/** Enters what was promoted into the inventory and the facts, then says how the task ended. */
async function endingOf(run: Run, ended: Ended): Promise<FixEnding> {
  const { world, work, context, fence } = run;
  const { report, record } = ended;
  const { status, stage, reason } = report.task;
  const lines = reportLines(report);
  const known = status === 'running' ? 'failed' : status;
  let newImageUuid: string | null = null;
  if (stage === 'promoted' && report.result !== null) {
    await world.faultPoint?.('result-recorded:before');
    const result = await world.results.recordFixResult(
      {
        source: work.image,
        tag: work.task.newTag,
        root: rootOf(report, record),
        actor: work.actor,
        at: world.now(),
      },
      neverAborted(),
    );
    await world.faultPoint?.('result-recorded:after');
    newImageUuid = result.uuid;
    const rescan = await rescanOf(ended);
    await assertHeld(await context.held());
    // The rescan looked for what was to be fixed only: its facts hold at once, and the result goes on to a whole scan.
    if (rescan) await world.ingest.ingest(rescan, { generation: unfinished, fence });
    await world.scan(result);
    await world.faultPoint?.('report-ingested:after');
  }
  return { status: known, stage, reason, newImageUuid, report, lines };
}

function rootOf(report: FixReport, record: FixRecord | undefined): { digest: Digest; mediaType: string } {
  if (record?.root) return record.root;
  const digest = (report.result?.indexDigest ?? report.result?.digest) as Digest;
  return { digest, mediaType: '' };
}

/** The report of the rescan that proved the result; undefined when this machine does not have it any more. */
async function rescanOf({ record, blobs }: Ended): Promise<ScanReport | undefined> {
  const digest = record?.parts.find(({ rescan }) => rescan !== null)?.rescan;
  if (!digest) return undefined;
  const size = await blobs.size(digest);
  if (size === undefined || size > reportBytes) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of await blobs.open(digest, neverAborted())) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as ScanReport;
}

/** What follows promotion is done although somebody asks for the end; the clients have time limits of their own. */
function neverAborted(): AbortSignal {
  return AbortSignal.timeout(60_000);
}

function failedEnding(error: unknown, aborted: boolean): FixEnding {
  const code = aborted ? 'cancelled' : error instanceof CodedError ? error.code : 'internal';
  const message = aborted ? 'the task was cancelled; nothing was tagged' : cleanLine(messageOf(error));
  const hint = !aborted && error instanceof CodedError && error.hint !== undefined ? [cleanLine(error.hint)] : [];
  const status = aborted ? 'cancelled' : 'failed';
  return {
    status,
    stage: status,
    reason: { code, message },
    newImageUuid: null,
    report: null,
    lines: [`ended: ${status}: ${code}: ${message}`, ...hint],
  };
}

function progressOf(context: JobContext): (event: ProgressEvent) => void {
  let stage = 'queued';
  return (event) => {
    if (event.kind === 'stage') stage = event.stage;
    if (event.kind === 'message') return;
    const counted =
      event.kind === 'progress' ? { done: event.done, total: event.total ?? null } : { done: 0, total: null };
    context.progress({ stage, ...counted });
  };
}

/** The journal, remembering the newest record of this run. */
class Recorder implements FixJournal {
  last: FixRecord | undefined;
  readonly #journal: FixJournal;

  constructor(journal: FixJournal) {
    this.#journal = journal;
  }

  lease: FixJournal['lease'] = (target, signal) => this.#journal.lease(target, signal);
  abandoned: FixJournal['abandoned'] = () => this.#journal.abandoned();
  remove: FixJournal['remove'] = (key) => this.#journal.remove(key);
  addOwnResult: FixJournal['addOwnResult'] = (result) => this.#journal.addOwnResult(result);
  ownResult: FixJournal['ownResult'] = (manifest) => this.#journal.ownResult(manifest);

  async read(key: string): Promise<FixRecord | undefined> {
    const record = await this.#journal.read(key);
    this.last = record ?? this.last;
    return record;
  }

  async write(record: FixRecord): Promise<void> {
    await this.#journal.write(record);
    this.last = record;
  }
}
