/** A job process: started by the worker loop, it runs the handlers of jobs until its parent goes away. */

import { newHexId } from '../../access/index.ts';
import { leaseHolder } from '../../adapters/queue/index.ts';
import { openVolatileStore } from '../../adapters/sql/access/index.ts';
import { serveJobs } from '../../adapters/workers/index.ts';
import { createLogger } from '../../api/index.ts';
import { systemClock } from '../../kernel/index.ts';
import { recordDay, runFixCycle } from '../../service/index.ts';
import { readSettings } from '../settings.ts';
import { jobHandlers } from './handlers.ts';
import { decodeForJobs } from './job-settings.ts';
import { openAccess } from './open-access.ts';
import { type OpenedServices, openServices } from './services.ts';
import { openStore, volatileTarget } from './store.ts';

const options = decodeForJobs(process.env);
const settings = await readSettings(process.env);
const logger = createLogger({ level: options.logLevel, process: 'job' });
const report = (message: string, error: unknown): void => logger.error({ err: error }, message);
const store = await openStore(options, settings, report);

/** Jobs that look at the estate open it for themselves; others do not need it. */
async function withServices(work: (opened: OpenedServices) => Promise<void>): Promise<void> {
  const volatile = await openVolatileStore(volatileTarget(options, settings));
  try {
    const access = await openAccess({ store, options }, volatile, null);
    await using opened = await openServices({ settings, options, store, access, logger, wake: () => {} });
    await work(opened);
  } finally {
    await volatile.close();
  }
}

/** Automatic fixing chooses by what the lists show. */
const cycle = (): Promise<void> =>
  withServices(async ({ services: { images, fixes } }) => {
    const deps = { cycles: store.cycles, images, fixes, clock: systemClock, newId: newHexId, report };
    await runFixCycle(deps, new AbortController().signal);
  });

const today = (signal: AbortSignal): Promise<void> =>
  withServices(({ queries }) => recordDay({ queries, store: store.trend, clock: systemClock }, signal));

serveJobs(
  await jobHandlers({ settings, options, store, runFixCycle: cycle, recordDay: today }),
  await leaseHolder(store.db),
);
