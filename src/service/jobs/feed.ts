import { type AdvisoryService, type FeedSources, hasFeeds } from '../../advisories/index.ts';
import type { JobHandler, JobQueue } from '../../jobs/index.ts';
import { CodedError } from '../../kernel/index.ts';
import { queueRematch } from '../facts/jobs.ts';

/** Payload of a `feed` job. */
export interface FeedPayload {
  /** Loads again what seems unchanged, and accepts feeds that shrank or went back in time. */
  readonly force?: boolean;
}

/** What the handler works with. */
export interface FeedHandlerDeps {
  readonly advisories: Pick<AdvisoryService, 'update'>;
  /** Where advisories come from, as configured. */
  readonly feeds: Omit<FeedSources, 'force'>;
  readonly queue: Pick<JobQueue, 'enqueue'>;
}

/** Updates the advisories and queues a re-match with them; also when another process has updated them already. */
export function createFeedHandler({ advisories, feeds, queue }: FeedHandlerDeps): JobHandler {
  return {
    kind: 'feed',
    async run(job, { signal, progress }) {
      if (!hasFeeds(feeds)) {
        throw new CodedError('feed_unavailable', 'no source of advisories is configured: set advisories.from');
      }
      const force = (job.payload as FeedPayload | null)?.force === true;
      const { snapshot } = await advisories.update({
        ...feeds,
        force,
        signal,
        progress: (event) => {
          if (event.kind === 'stage') progress({ stage: event.detail ?? event.stage, done: 0, total: null });
          if (event.kind === 'progress') progress({ stage: event.step, done: event.done, total: event.total ?? null });
        },
      });
      await queueRematch(queue, {}, snapshot.id);
    },
  };
}
