import { dayMs } from '../../kernel/index.ts';
import type { RetentionStep } from '../jobs/retention.ts';
import type { Notice, NotificationStore } from './ports.ts';

const staleAfterMs = 7 * dayMs;
const decisionsAheadMs = 7 * dayMs;
const keysAheadMs = 14 * dayMs;
/** What ends within the same hour and is more than this is told in the next one. */
const most = 1_000;

/**
 * Tells once of what is about to end and of advisories that are old: together with the hourly tidying, since nothing else
 * happens at these moments.
 * @param checkedAt when advisories were looked for last, ms; null = never
 */
export function noticeStep(deps: {
  readonly store: Pick<NotificationStore, 'tell' | 'endingDecisions' | 'endingKeys'>;
  readonly checkedAt: () => Promise<number | null>;
}): RetentionStep {
  const { store } = deps;
  return {
    name: 'notices',
    async run(now) {
      const notices: Notice[] = [];
      const add = (key: string, topic: string, projectId: number | null, payload: object): void => {
        notices.push({ key, event: { at: now, topic, projectId, payload } });
      };
      const checkedAt = await deps.checkedAt();
      if (checkedAt !== null && now - checkedAt > staleAfterMs) {
        add(`advisories:${checkedAt}`, 'advisories.stale', null, { checkedAt });
      }
      for (const { id, projectId, ...rest } of await store.endingDecisions(now, now + decisionsAheadMs, most)) {
        add(`decision:${id}:${rest.expiresAt}`, 'decision.expiring', projectId, { decision: id, ...rest });
      }
      for (const key of await store.endingKeys(now, now + keysAheadMs, most)) {
        add(`${key.kind}:${key.id}:${key.expiresAt}`, 'key.expiring', null, key);
      }
      if (notices.length > 0) await store.tell(notices, now);
    },
  };
}

/** Keeps the log of deliveries bounded: delivered ones a month, dead ones three, and 10,000 of each channel. */
export function deliveryRetention(store: Pick<NotificationStore, 'tidy'>): RetentionStep {
  return {
    name: 'notifications',
    run: (now) =>
      store.tidy({
        deliveredBefore: now - 30 * dayMs,
        deadBefore: now - 90 * dayMs,
        noticesBefore: now - 400 * dayMs,
        most: 10_000,
      }),
  };
}
