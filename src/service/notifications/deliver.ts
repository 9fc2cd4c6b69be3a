import type { Sealer } from '../../access/index.ts';
import type { Fence, JobContext } from '../../jobs/index.ts';
import {
  type Message,
  NotifyError,
  type OpenTarget,
  type Outcome,
  pauseAfter,
  perMinute,
  type Sender,
} from '../../notify/index.ts';
import { notBefore } from './plan.ts';
import type { AttemptResult, ChannelRecord, DueDelivery, NotificationStore } from './ports.ts';
import { openTarget } from './secrets.ts';

/** What sending needs. */
export interface DeliverDeps {
  readonly store: Pick<NotificationStore, 'channel' | 'due' | 'attempted' | 'pause'>;
  readonly sender: Sender;
  readonly sealer: Sealer;
  readonly now: () => number;
}

const minuteMs = 60_000;

/**
 * Sends what is due of one channel, oldest first, as many as its service takes in a minute. The job is the only one of the
 * channel; an attempt is counted after it was made, so a worker that dies in between repeats it under the same event id.
 * After a failure the channel rests a while: what does not take one message hardly takes the next.
 */
export async function deliverDue(
  deps: DeliverDeps,
  channelId: number,
  fence: Fence,
  { signal, held }: Pick<JobContext, 'signal' | 'held'>,
): Promise<void> {
  const { store, now } = deps;
  const channel = await store.channel(channelId);
  if (channel === null || !channel.enabled) return;
  const began = now();
  const most = perMinute(channel.target.kind);
  const due = await store.due(channelId, began, most);
  for (const delivery of due) {
    signal.throwIfAborted();
    if (!(await held())) return;
    const outcome = await attempt(deps, channel, delivery.message, signal);
    const at = now();
    const result = resultOf(outcome, channel, delivery, at);
    if (!(await store.attempted(fence, delivery.id, result, at))) return;
    if (!outcome.delivered && outcome.again) {
      await store.pause(channelId, at + rest(outcome.retryAfterMs, delivery.attempts));
      return;
    }
  }
  if (due.length === most) await store.pause(channelId, began + minuteMs);
}

async function attempt(
  { sender, sealer }: DeliverDeps,
  channel: ChannelRecord,
  message: Message,
  signal: AbortSignal,
): Promise<Outcome> {
  let target: OpenTarget;
  try {
    target = openTarget(sealer, channel);
  } catch (cause) {
    const {
      code,
      message: text,
      hint = null,
    } = new NotifyError('channel_unusable', 'its secrets cannot be read', { cause });
    const failure = { code, message: text, hint };
    return { delivered: false, httpStatus: null, failure, again: true, retryAfterMs: null };
  }
  return sender.send(message, target, signal);
}

function resultOf(
  outcome: Outcome,
  channel: ChannelRecord,
  { attempts, message }: DueDelivery,
  at: number,
): AttemptResult {
  const { httpStatus } = outcome;
  if (outcome.delivered) return { state: 'delivered', httpStatus, failure: null, nextAt: null };
  const failure = { code: outcome.failure.code, message: outcome.failure.message };
  const pause = outcome.again ? pauseAfter(attempts + 1, outcome.retryAfterMs) : null;
  if (pause === null) return { state: 'dead', httpStatus, failure, nextAt: null };
  return { state: 'waiting', httpStatus, failure, nextAt: notBefore(channel, message, at + pause) };
}

/** Short enough that one message that a receiver does not like holds nothing up for long. */
function rest(wish: number | null, attempts: number): number {
  return wish === null
    ? Math.min(pauseAfter(attempts + 1, null) ?? minuteMs, minuteMs)
    : (pauseAfter(1, wish) ?? minuteMs);
}
