import type { ScanReport } from '../../findings/index.ts';
import type { ImageHandle } from '../../image/index.ts';
import type { InventoryImage } from '../../inventory/index.ts';
import { type ClaimedJob, type Fence, type JobContext, JobError, type JobHandler } from '../../jobs/index.ts';
import { type CodedError, hasCode, JsonError, messageOf, type ProgressEvent } from '../../kernel/index.ts';
import { describeConfig, keptConfig } from '../contents/describe-config.ts';
import type { KeptConfig } from '../contents/ports.ts';
import type { OpenedInventoryImage, ScanEnd, ScanWorld } from '../scans/ports.ts';

/** How many copies of a content are tried when registries fail. */
const copies = 3;

/** Items of a large task that are queued in one transaction. */
const dispatchBatch = 200;

/** Failures that say something about the image and not about the moment, and the state that they mean. */
const verdicts: readonly (readonly [ScanEnd, readonly string[]])[] = [
  ['too_large', ['too_large', 'too_many_entries', 'manifest_too_large', 'limit_exceeded']],
  [
    'unsupported',
    [
      'unsupported',
      'unsupported_image',
      'unsupported_media_type',
      'unsupported_schema1',
      'unsupported_compression',
      'platform_not_found',
    ],
  ],
];

/** Names of the moments at which tests let a scan die. */
export const scanFaultPoints: readonly string[] = [
  'queued>pulling:before',
  'queued>pulling:after',
  'pulling>analysing:before',
  'pulling>analysing:after',
  'analysing>ended:before',
  'analysing>ended:after',
];

/**
 * Scans the content of one manifest, whoever ordered it: opens it from a registry that has it, analyses, and hands the
 * facts over. A verdict on the image (`too_large`, `unsupported`) is a result; any other failure fails the job, which
 * the queue tries again when that may help.
 * @param open gives what the first scan of a process needs; later ones share it
 */
export function createScanHandler(open: () => Promise<ScanWorld>): JobHandler {
  let world: Promise<ScanWorld> | undefined;
  return {
    kind: 'scan',
    async run(job, context) {
      world ??= open();
      const opened = await world.catch((error: unknown) => {
        world = undefined;
        throw error;
      });
      const payload = job.payload as { manifestId?: unknown; dispatch?: unknown };
      if (typeof payload.dispatch === 'string') return dispatch(opened, payload.dispatch, context);
      if (typeof payload.manifestId === 'number') return scanContent(opened, payload.manifestId, job, context);
      throw new JobError('internal', 'the scan job names no image');
    },
  };
}

async function dispatch({ store }: ScanWorld, taskId: string, { signal }: JobContext): Promise<void> {
  let ordinal: number | null = -1;
  while (ordinal !== null) {
    signal.throwIfAborted();
    ordinal = await store.dispatch(taskId, ordinal, dispatchBatch);
  }
}

async function scanContent(world: ScanWorld, manifestId: number, job: ClaimedJob, context: JobContext): Promise<void> {
  const fence: Fence = { jobId: job.id, fence: job.fence };
  const images = await world.store.imagesOf(manifestId, copies);
  if (images.length === 0) return;
  const step = stepper(world, fence, manifestId);
  try {
    await step('pulling', 'queued>pulling');
    context.progress({ stage: 'pulling', done: 0, total: null });
    await using opened = await openOne(world, images, context.signal);
    await step('analysing', 'pulling>analysing');
    const report = await world.scanner.scan(opened.image, context.signal, layersOf(context));
    await keepConfig(world, manifestId, opened.image);
    await world.faultPoint?.('analysing>ended:before');
    await store(world, report, fence, context);
    await world.faultPoint?.('analysing>ended:after');
  } catch (error) {
    const verdict = context.signal.aborted ? undefined : verdictOf(error);
    if (verdict === undefined) throw error;
    const reason = { code: (error as CodedError).code, message: messageOf(error) };
    await assertHeld(await world.store.setState(fence, manifestId, verdict, reason));
  }
}

/** What it says of itself is shown beside the findings; an odd one is no reason to fail a scan. */
async function keepConfig({ configs }: ScanWorld, manifestId: number, image: ImageHandle): Promise<void> {
  let config: KeptConfig;
  try {
    config = keptConfig(describeConfig(image));
  } catch (error) {
    if (error instanceof JsonError) return;
    throw error;
  }
  await configs?.keepConfig(manifestId, config);
}

/** Moves along an arrow, between its two fault points. */
function stepper({ store, faultPoint }: ScanWorld, fence: Fence, manifestId: number) {
  return async (state: 'pulling' | 'analysing', arrow: string): Promise<void> => {
    await faultPoint?.(`${arrow}:before`);
    await assertHeld(await store.setState(fence, manifestId, state, null));
    await faultPoint?.(`${arrow}:after`);
  };
}

async function store(world: ScanWorld, report: ScanReport, fence: Fence, context: JobContext): Promise<void> {
  context.signal.throwIfAborted();
  await assertHeld(await context.held());
  await world.ingest.ingest(report, { generation: world.scanner.generation, fence });
}

async function assertHeld(held: boolean): Promise<void> {
  if (!held) throw new JobError('worker_lost', 'the lease of the scan was lost', { retryable: true });
}

/** The first copy that can be opened; the failure of the last one when none can. */
async function openOne(
  { images: opener }: ScanWorld,
  images: readonly InventoryImage[],
  signal: AbortSignal,
): Promise<OpenedInventoryImage> {
  let failure: unknown;
  for (const image of images) {
    try {
      return await opener.open(image, signal);
    } catch (error) {
      signal.throwIfAborted();
      failure = error;
      if (verdictOf(error) !== undefined) break;
    }
  }
  throw failure;
}

function verdictOf(error: unknown): ScanEnd | undefined {
  return verdicts.find(([, codes]) => codes.some((code) => hasCode(error, code)))?.[0];
}

function layersOf(context: JobContext): (event: ProgressEvent) => void {
  return (event) => {
    if (event.kind === 'stage') context.progress({ stage: event.stage, done: 0, total: null });
    if (event.kind === 'progress') {
      context.progress({ stage: event.step, done: event.done, total: event.total ?? null });
    }
  };
}
