import type { EventFeed, EventLog, OutboxEvent, Timers } from './contract.ts';

/** How many events are read at a time. */
const batch = 200;

/** A reader that waits for something new. */
type Waiting = () => void;

/**
 * Live events over the durable log: a wake of this process shows them at once, the poll shows what other processes wrote.
 * One poll serves all readers, and none is made while there is no reader.
 */
export function createEventFeed(deps: { log: EventLog; timers: Timers; pollMs: number }): EventFeed {
  const waiting = new Set<Waiting>();
  let takeBack: (() => void) | undefined;

  const wake = (): void => {
    takeBack?.();
    takeBack = undefined;
    for (const call of [...waiting]) call();
  };

  const news = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const call = (): void => {
        waiting.delete(call);
        signal.removeEventListener('abort', call);
        resolve();
      };
      waiting.add(call);
      signal.addEventListener('abort', call, { once: true });
      if (signal.aborted) call();
      takeBack ??= deps.timers.after(deps.pollMs, wake);
    });

  return {
    wake,
    async *subscribe({ after, signal }): AsyncGenerator<OutboxEvent> {
      let position = after ?? (await deps.log.newest());
      while (!signal.aborted) {
        // Asked before the log is read, so that an event that comes in between is not slept over.
        const more = news(signal);
        const events = await deps.log.after(position, batch);
        for (const event of events) {
          if (signal.aborted) return;
          position = event.id;
          yield event;
        }
        if (events.length === 0) await more;
      }
    },
  };
}
