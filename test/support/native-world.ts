import type { TestContext } from 'node:test';
import type { Grant } from '../../src/access/index.ts';
import { createLogger } from '../../src/api/http/log.ts';
import { defaultServerOptions, type ServerOptions } from '../../src/api/http/options.ts';
import { createServer, type HttpServer } from '../../src/api/http/server.ts';
import { createNativeMount, memoryAnswers, type NativeDeps } from '../../src/api/native/index.ts';
import {
  createEventFeed,
  type EventLog,
  type JobQueue,
  type OutboxEvent,
  type Schedule,
  type ScheduleStore,
  systemTimers,
} from '../../src/jobs/index.ts';
import { fixedClock } from '../../src/kernel/index.ts';
import { accessKey, createFakeAccess, createFakeAudit, type FakeAccess, grant, principal } from './fake-access.ts';
import { createFakeAdmin } from './fake-admin.ts';
import { createFakeServices, type FakeWorld } from './fake-services.ts';

/** A server with the native API over fakes. */
export interface NativeWorld extends FakeWorld {
  readonly server: HttpServer;
  readonly deps: NativeDeps;
  readonly access: FakeAccess;
  readonly audit: ReturnType<typeof createFakeAudit>;
  readonly admin: ReturnType<typeof createFakeAdmin>;
  /** Every line of the log. */
  readonly lines: string[];
  /** Writes an event. */
  emit(topic: string, projectId: number | null, payload: unknown): OutboxEvent;
  /** Gives somebody a bearer token with these grants. */
  token(name: string, grants: readonly Grant[]): string;
  readonly signedOut: string[];
}

/** The password that signs `owner` in. */
export const ownerPassword = 'correct horse battery';
const now = Date.UTC(2026, 10, 20, 16, 47, 35);

/** Events in memory as a log. */
export function memoryEvents(): { log: EventLog; all: OutboxEvent[] } {
  const all: OutboxEvent[] = [];
  const log = {
    after: async (id: number, limit: number) => all.filter((event) => event.id > id).slice(0, limit),
    newest: async () => all.at(-1)?.id ?? 0,
    prune: async () => 0,
  } as unknown as EventLog;
  return { log, all };
}

const queue = {
  stats: async () => [{ kind: 'scan', class: 'bulk', state: 'queued', count: 4, oldestMs: 1500 }],
  list: async () => [],
} as unknown as JobQueue;

function memorySchedules(): ScheduleStore {
  const sync: Schedule = {
    ...{ id: 1, name: 'sync:1', kind: 'sync', cron: '0 3 * * *', zone: 'UTC', jitterMs: 0, payload: { registryId: 1 } },
    ...{ enabled: true, nextAt: now + 1000, lastSlot: null, lastAt: null },
  };
  const byName = new Map([['sync:1', sync]]);
  return {
    list: async () => [...byName.values()],
    get: async (name: string) => byName.get(name) ?? null,
    put: async (schedule: object, nextAt: number | null) => {
      const made = { ...sync, ...schedule, nextAt };
      byName.set(made.name, made);
      return made;
    },
  } as unknown as ScheduleStore;
}

/** Starts a server over fakes; `owner` (AK1/secret-1) may do everything. It is not listening. */
export async function nativeWorld(
  t: TestContext,
  over: { deps?: Partial<NativeDeps>; options?: Partial<ServerOptions>; world?: FakeWorld } = {},
): Promise<NativeWorld> {
  const world = over.world ?? createFakeServices();
  const owner = principal('owner', [grant(['*'])]);
  const access = createFakeAccess([accessKey('AK1', 'secret-1', owner)]);
  const tokens = new Map<string, ReturnType<typeof principal>>();
  access.byToken = async (text) => {
    const known = tokens.get(text);
    return known === undefined ? undefined : { principal: known, projectExtId: null, expiresAt: now + 3_600_000 };
  };
  access.signIn = async ({ name, password }) => {
    if (name !== 'owner' || password !== ownerPassword) {
      const { CodedError } = await import('../../src/kernel/index.ts');
      throw new CodedError('bad_credentials', 'The name or the password is wrong');
    }
    const token = `session-${tokens.size}`;
    tokens.set(token, owner);
    return { token, issuedAt: now, expiresAt: now + 86_400_000, principal: owner };
  };
  const lines: string[] = [];
  const signedOut: string[] = [];
  const { log, all } = memoryEvents();
  const audit = createFakeAudit();
  const admin = createFakeAdmin(signedOut);
  const events = createEventFeed({ log, timers: systemTimers, pollMs: 50 });
  const deps: NativeDeps = {
    access,
    admin,
    services: world.services,
    audit,
    events,
    queue,
    schedules: memorySchedules(),
    advisories: { status: async () => ({ snapshot: null, recounting: false }), update: async () => 'job-1' },
    answers: memoryAnswers(() => now),
    checks: [],
    clock: fixedClock(new Date(now)),
    settings: {
      version: '1.2.3',
      roles: ['serve'],
      startedAt: now,
      streams: 20,
      streamsPerCaller: 3,
      heartbeatMs: 100,
    },
    ...over.deps,
  };
  const server = await createServer(
    { ...defaultServerOptions, port: 0, version: '1.2.3', ...over.options },
    {
      logger: createLogger({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } }),
      mounts: [createNativeMount(deps)],
      checks: deps.checks,
      gauges: [],
    },
  );
  t.after(() => server.stop(0));
  return {
    ...world,
    server,
    deps,
    access,
    audit,
    admin,
    lines,
    signedOut,
    emit: (topic, projectId, payload) => {
      const event = { id: all.length + 1, at: now, topic, projectId, payload };
      all.push(event);
      events.wake();
      return event;
    },
    token: (name, grants) => {
      const text = `token-of-${name}`;
      tokens.set(text, principal(name, grants));
      return text;
    },
  };
}
