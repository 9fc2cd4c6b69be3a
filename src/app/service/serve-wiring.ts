import type { Logger } from 'pino';
import { createLogger } from '../../api/index.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { processTerminal, type Terminal } from '../../cli/output/terminal.ts';
import type { Effective, ServeDeps } from '../../cli/service/serve.ts';
import { queueNotifications } from '../../service/index.ts';
import { readSettings, type Settings } from '../settings.ts';
import { advisoryWatch } from './advisory-watch.ts';
import { type Application, openApplication } from './application.ts';
import { showFirstAdministrator } from './first-administrator.ts';
import { serviceOptions } from './options.ts';
import { openServer } from './server.ts';
import { collectStartUpGarbage } from './start-up-garbage.ts';
import type { ServiceStore } from './store.ts';
import { openWork, type Work } from './work.ts';

/** How long requests under way may take after the process was asked to stop. */
const graceMs = 10_000;

/** Wires `drydock serve`, `worker` and `config`. */
export async function loadServe(): Promise<ServeDeps> {
  const terminal = processTerminal();
  const settings = await readSettings(terminal.env);
  return {
    terminal,
    config: async () => settings.config.server ?? {},
    serve: (effective) => run(effective, terminal, 'serve'),
    work: (effective) => run(effective, terminal, 'worker'),
    exit(code) {
      process.exitCode = code;
    },
  };
}

async function run(effective: Effective, terminal: Terminal, process_: 'serve' | 'worker'): Promise<number> {
  const settings = await readSettings(terminal.env);
  const options = await serviceOptions(effective, settings);
  const logger = createLogger({ level: options.logLevel, process: process_ });
  const stop = stopSignal();
  let work: Work | undefined;
  await using application = await openApplication(settings, options, { logger, wake: () => work?.wake() });
  showFirstAdministrator(application, terminal.stdout);
  if (process_ === 'worker' || options.role === 'all') {
    const { queue, schedules } = application.store;
    const watch = watchOf(settings, application.store);
    work = openWork({ queue, schedules, options, env: terminal.env, logger, watch });
  }
  if (process_ === 'worker') {
    work?.start();
    logger.info({ workers: options.workers }, 'working');
    // Over files nothing but timers is open between two jobs, and those of the loop keep no process alive.
    const alive = setInterval(() => {}, 60_000);
    await stop.asked;
    clearInterval(alive);
    await work?.[Symbol.asyncDispose]();
    return exitCodes.ok;
  }
  // Awaited here: what was opened must outlive it.
  return await serve(application, { logger, terminal, work, stop });
}

/** What is looked at every few seconds: other advisories, and notifications that are to be made or sent. */
function watchOf(settings: Settings, store: ServiceStore): () => Promise<boolean> {
  const advisories = advisoryWatch(settings, store);
  return async () => {
    const looks = [advisories(), queueNotifications(store.notifications, store.queue, Date.now())];
    return (await Promise.all(looks)).includes(true);
  };
}

async function serve(
  application: Application,
  parts: { logger: Logger; terminal: Terminal; work: Work | undefined; stop: ReturnType<typeof stopSignal> },
): Promise<number> {
  const { logger, terminal, work, stop } = parts;
  const { options, settings, store, access, services, events, advisories, answers } = application;
  const server = await openServer({
    ...{ options, logger, access, services, secret: store.masterKey, dataDirectory: settings.dataDirectory },
    native: { events, queue: store.queue, schedules: store.schedules, advisories, answers },
    ping: async () => void (await store.findings.factRevisions()),
    advisoryAgeMs: () => application.advisoryAgeMs(),
    gauges: [],
  });
  await application.warm();
  collectStartUpGarbage();
  const { url } = await server.listen();
  work?.start();
  terminal.stdout.write(`Drydock listens on ${url}\n`);
  logger.info({ url, role: options.role }, 'listening');
  await stop.asked;
  logger.info('stopping');
  await Promise.all([server.stop(graceMs), work?.[Symbol.asyncDispose]()]);
  return exitCodes.ok;
}

/** The first signal asks to stop; the second one ends the process. */
function stopSignal(): { readonly asked: Promise<void> } {
  const asked = new Promise<void>((resolve) => {
    let times = 0;
    const stop = (): void => {
      if (++times > 1) process.exit(exitCodes.interrupted);
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
  return { asked };
}
