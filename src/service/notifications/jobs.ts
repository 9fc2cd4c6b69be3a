import type { JobHandler, JobQueue } from '../../jobs/index.ts';
import { CodedError } from '../../kernel/index.ts';
import { type DeliverDeps, deliverDue } from './deliver.ts';
import { planMessages } from './plan.ts';
import type { NotificationStore } from './ports.ts';

/** Payload of a `notify` job: makes messages of events, or sends those of one channel. */
export type NotifyPayload = { readonly plan: true } | { readonly channelId: number };

/**
 * Queues what there is to do, each at most once: two workers never send to the same channel at a time.
 * @returns whether there was anything
 */
export async function queueNotifications(
  store: Pick<NotificationStore, 'pending'>,
  queue: Pick<JobQueue, 'enqueue'>,
  now: number,
): Promise<boolean> {
  const { plan, channels } = await store.pending(now);
  const add = (payload: NotifyPayload, dedupeKey: string) =>
    queue.enqueue({ kind: 'notify', class: 'interactive', payload, dedupeKey });
  if (plan) await add({ plan: true }, 'plan');
  for (const channelId of channels) await add({ channelId }, `channel:${channelId}`);
  return plan || channels.length > 0;
}

/** Work of kind `notify`. */
export function createNotifyHandler(
  deps: Omit<DeliverDeps, 'store'> & {
    readonly store: NotificationStore;
    readonly queue: Pick<JobQueue, 'enqueue'>;
  },
): JobHandler {
  return {
    kind: 'notify',
    async run(job, context) {
      const payload = (job.payload ?? {}) as { plan?: unknown; channelId?: unknown };
      if (typeof payload.channelId === 'number') {
        return deliverDue(deps, payload.channelId, { jobId: job.id, fence: job.fence }, context);
      }
      if (payload.plan !== true) throw new CodedError('invalid_order', 'the job says nothing of what is to be sent');
      await planMessages(deps.store, deps.now, context.signal);
      // Right away, instead of with the next look.
      const { channels } = await deps.store.pending(deps.now());
      await queueNotifications({ pending: async () => ({ plan: false, channels }) }, deps.queue, deps.now());
    },
  };
}
