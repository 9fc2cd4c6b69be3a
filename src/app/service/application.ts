import type { Logger } from 'pino';
import type { Access } from '../../access/index.ts';
import { openVolatileStore } from '../../adapters/sql/access/index.ts';
import { createAnswerStore } from '../../adapters/sql/answers/index.ts';
import type { NativeDeps } from '../../api/index.ts';
import { createEventFeed, type EventFeed, putSchedule, systemTimers } from '../../jobs/index.ts';
import { systemClock } from '../../kernel/index.ts';
import type { Services } from '../../service/index.ts';
import { advisoryService } from '../advisories-wiring.ts';
import type { Settings } from '../settings.ts';
import { openAccess } from './open-access.ts';
import type { ServiceOptions } from './options.ts';
import { openServices } from './services.ts';
import { openStore, type ServiceStore, volatileTarget } from './store.ts';

/** How often the log of events is looked at for what other processes wrote; a page may lag a second behind, with its own request. */
const eventPollMs = 400;
const maintainMs = 60_000;

/** Everything but the network: what `serve` serves, and what commands use inside their own process. */
export interface Application extends AsyncDisposable {
  readonly settings: Settings;
  readonly options: ServiceOptions;
  readonly store: ServiceStore;
  readonly access: Access;
  readonly services: Services;
  readonly events: EventFeed;
  readonly advisories: NativeDeps['advisories'];
  readonly answers: NativeDeps['answers'];
  /** Makes the first question as fast as any other. */
  warm(): Promise<void>;
  /** Age of the newest advisory data in ms, null = only the bundled facts are there. */
  advisoryAgeMs(): Promise<number | null>;
}

/** Opens store, access and use cases. @throws SqlError, AccessError */
export async function openApplication(
  settings: Settings,
  options: ServiceOptions,
  parts: { readonly logger: Logger; readonly wake: () => void },
): Promise<Application> {
  const { logger, wake } = parts;
  await using opening = new AsyncDisposableStack();
  const report = (message: string, error: unknown): void => logger.error({ err: error }, message);
  const store = opening.use(await openStore(options, settings, report));
  const volatile = opening.adopt(await openVolatileStore(volatileTarget(options, settings)), (it) => it.close());
  const access = await openAccess({ store, options }, volatile, bootstrapOf(options));
  opening.defer(() => access.close());
  const feed = createEventFeed({ log: store.events, timers: systemTimers, pollMs: eventPollMs });
  const opened = opening.use(
    await openServices({
      ...{ settings, options, store, access, logger },
      wake: () => {
        wake();
        feed.wake();
      },
    }),
  );
  await planSchedules(store, settings, options);
  const maintain = setInterval(() => {
    access.maintain().catch((error: unknown) => report('access could not be tidied', error));
  }, maintainMs);
  maintain.unref();
  opening.defer(() => clearInterval(maintain));
  const everything = opening.move();
  return {
    ...{ settings, options, store, access, events: feed, services: opened.services },
    advisories: advisoryPort(settings, store, wake),
    answers: createAnswerStore(store.db, Date.now),
    warm: () => opened.queries.warm(),
    advisoryAgeMs: () => advisoryAgeMs(settings),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

function bootstrapOf({ bootstrapAccessKey }: ServiceOptions): { id: string; secret: string } | null {
  if (bootstrapAccessKey === undefined) return null;
  const at = bootstrapAccessKey.indexOf(':');
  return { id: bootstrapAccessKey.slice(0, at), secret: bootstrapAccessKey.slice(at + 1) };
}

/** What happens by itself: tidying once a day, and updates of advisories where a source is configured. */
async function planSchedules({ schedules }: ServiceStore, settings: Settings, options: ServiceOptions): Promise<void> {
  const put = async (name: string, kind: 'retention' | 'feed', cron: string, jitterMs: number): Promise<void> => {
    const known = await schedules.get(name);
    // Written at every start would mean planned anew at every start, and never run on machines that restart daily.
    if (known?.cron === cron) return;
    await putSchedule(schedules, { name, kind, cron, jitterMs, payload: {}, enabled: true }, systemClock);
  };
  await put('retention', 'retention', '@every 3600', 60_000);
  if (settings.config.advisories?.from === undefined) await schedules.remove('advisories');
  else await put('advisories', 'feed', options.advisorySchedule, 10 * 60_000);
}

function advisoryPort(settings: Settings, store: ServiceStore, wake: () => void): NativeDeps['advisories'] {
  const service = advisoryService(settings);
  return {
    async status() {
      const { active, bundled } = await service.status();
      const snapshot = active ?? bundled;
      const fetchedAt = active === null ? null : Date.parse(active.checkedAt);
      const waiting = await store.queue.list({ kind: 'rematch', states: ['queued', 'running'], limit: 1 });
      return {
        snapshot: {
          id: snapshot.id,
          createdAt: Date.parse(snapshot.createdAt),
          sources: snapshot.sources.map(({ id, records }) => ({ name: id, fetchedAt, advisories: records })),
        },
        recounting: waiting.length > 0,
      };
    },
    async update() {
      const { job } = await store.queue.enqueue({ kind: 'feed', class: 'interactive', payload: {}, dedupeKey: 'feed' });
      wake();
      return job.id;
    },
  };
}

async function advisoryAgeMs(settings: Settings): Promise<number | null> {
  const checkedAt = await advisoryService(settings).checkedAt();
  return checkedAt === null ? null : Date.now() - Date.parse(checkedAt);
}
