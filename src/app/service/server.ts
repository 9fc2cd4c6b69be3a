import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Access } from '../../access/index.ts';
import {
  advisoryCheck,
  alibabaFacade,
  alibabaMount,
  createNativeMount,
  createServer,
  databaseCheck,
  defaultAlibabaSettings,
  defaultServerLimits,
  defaultServerOptions,
  diskCheck,
  type GaugeSource,
  type HttpServer,
  huaweiFacade,
  huaweiMount,
  migrationsCheck,
  type NativeDeps,
  queueCheck,
  type ReadyCheck,
} from '../../api/index.ts';
import type { JobQueue } from '../../jobs/index.ts';
import { dayMs, systemClock } from '../../kernel/index.ts';
import type { Services } from '../../service/index.ts';
import { version } from '../version.ts';
import type { ServiceOptions } from './options.ts';

const minFreeBytes = 256 * 1024 * 1024;

/** What the server is made of; everything is open already. */
export interface ServerParts {
  readonly options: ServiceOptions;
  readonly dataDirectory: string;
  readonly logger: Logger;
  readonly access: Access;
  readonly services: Services;
  readonly native: Pick<NativeDeps, 'events' | 'queue' | 'schedules' | 'advisories' | 'answers'>;
  /** Bytes known to nobody else; keys of other purposes are derived from them. */
  readonly secret: Uint8Array;
  ping(): Promise<void>;
  advisoryAgeMs(): Promise<number | null>;
  readonly gauges: readonly GaugeSource[];
}

/** The HTTP server with its three interfaces, ready to listen. */
export async function openServer(parts: ServerParts): Promise<HttpServer> {
  const { options, logger } = parts;
  const checks = readyChecks(parts);
  const native = nativeDeps(parts, checks);
  const server = await createServer(
    {
      ...defaultServerOptions,
      host: options.listen.host,
      port: options.listen.port,
      tls: options.tls ?? null,
      trustedProxies: options.trustedProxies,
      limits: defaultServerLimits,
      consoleDir: builtConsole(),
      version,
    },
    {
      logger,
      // Asked in this order; the Alibaba clients share `/` with the console and are recognised by what they send.
      mounts: [alibaba(parts), huawei(parts), createNativeMount(native)],
      checks,
      gauges: [...parts.gauges, queueGauge(parts.native.queue)],
    },
  );
  return server;
}

/** The console as `npm run console` builds it, beside the sources as beside the built program; null where it is not. */
function builtConsole(): string | null {
  const folder = fileURLToPath(new URL('../../../console/dist/', import.meta.url));
  return existsSync(`${folder}index.html`) ? folder : null;
}

/** Everything that the native API needs; also for commands that run it without a server. */
export function nativeDeps(parts: ServerParts, checks: readonly ReadyCheck[] = []): NativeDeps {
  const { access, services, options } = parts;
  return {
    ...parts.native,
    access: access.control,
    admin: access.admin,
    services,
    audit: access.audit,
    checks,
    clock: systemClock,
    settings: {
      version,
      roles: options.role === 'all' ? ['serve', 'worker'] : ['serve'],
      startedAt: Date.now(),
      streams: 500,
      streamsPerCaller: 10,
      heartbeatMs: 15_000,
    },
  };
}

function alibaba({ access, services, options, secret }: ServerParts) {
  const settings = {
    ...defaultAlibabaSettings,
    timeZone: options.timeZone,
    linkKey: createHmac('sha256', secret).update('drydock download links').digest(),
    publicUrl: options.publicUrl ?? null,
    partialFixStatus: options.partialIsSuccess ? (2 as const) : (3 as const),
  };
  const deps = { access: access.control, services, clock: systemClock, settings };
  return alibabaMount((app) => alibabaFacade(app, deps));
}

function huawei({ access, services }: ServerParts) {
  return huaweiMount((app) => huaweiFacade(app, { access: access.control, services, clock: systemClock }));
}

function readyChecks(parts: ServerParts): ReadyCheck[] {
  return [
    databaseCheck(parts.ping),
    // Opening the store has migrated it; a process that serves is never behind.
    migrationsCheck(async () => []),
    advisoryCheck(parts.advisoryAgeMs, 14 * dayMs),
    diskCheck(parts.dataDirectory, minFreeBytes),
    queueCheck(async () => oldest(parts.native.queue), dayMs / 24),
  ];
}

async function oldest(queue: JobQueue): Promise<number | null> {
  const ages = (await queue.stats()).filter(({ state }) => state === 'queued').map(({ oldestMs }) => oldestMs ?? 0);
  return ages.length === 0 ? null : Math.max(...ages);
}

function queueGauge(queue: JobQueue): GaugeSource {
  return {
    name: 'jobs',
    help: 'Jobs by kind, class and state.',
    labels: ['kind', 'class', 'state'],
    read: async () =>
      (await queue.stats()).map(({ kind, class: jobClass, state, count }) => ({
        labels: { kind, class: jobClass, state },
        value: count,
      })),
  };
}
