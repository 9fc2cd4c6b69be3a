import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { AccessControl, Principal } from '../../access/index.ts';
import { builtInPolicies } from '../../access/index.ts';
import { createLogger, createNativeMount, createServer, defaultServerOptions } from '../../api/index.ts';
import type { ApiClient } from '../../cli/service/contract.ts';
import { effectiveSettings } from '../../cli/service/settings.ts';
import type { ProcessParts } from '../process.ts';
import { readSettings } from '../settings.ts';
import { advisoryWatch } from './advisory-watch.ts';
import { type Application, openApplication } from './application.ts';
import { showFirstAdministrator } from './first-administrator.ts';
import { serviceOptions } from './options.ts';
import { apiClient, type Send } from './remote-api.ts';
import { nativeDeps } from './server.ts';
import { openWork } from './work.ts';

const settlePollMs = 200;

/**
 * The native API inside this process, over the store of this machine: whoever may read and write the data directory is
 * its owner. Work that a command queues is done before the command ends.
 */
export async function openEmbeddedApi({ terminal, signal }: ProcessParts): Promise<ApiClient> {
  const settings = await readSettings(terminal.env);
  const options = await serviceOptions(effectiveSettings({}, terminal.env, settings.config.server ?? {}), settings);
  const logger = createLogger({ level: 'error', process: 'command' });
  const application = await openApplication(settings, options, { logger, wake: () => {} });
  showFirstAdministrator(application, terminal.stderr);
  try {
    // Advisories that were updated since: nobody may have been there to count with them.
    if (await advisoryWatch(settings, application.store)()) await settle(application, terminal.env, signal);
    const token = randomBytes(32).toString('base64url');
    const { access, services, store, events, advisories, answers } = application;
    const own = { ...access, control: withOwner(access.control, token) };
    const deps = nativeDeps({
      ...{ options, logger, services, access: own, secret: store.masterKey, dataDirectory: settings.dataDirectory },
      native: { events, queue: store.queue, schedules: store.schedules, advisories, answers },
      ping: async () => {},
      advisoryAgeMs: async () => null,
      gauges: [],
    });
    const server = await createServer(defaultServerOptions, {
      logger,
      mounts: [createNativeMount(deps)],
      checks: [],
      gauges: [],
    });
    const send: Send = async ({ method, url, headers, body }) => {
      const answer = await server.app.inject({
        ...{ method: method as 'GET', url, headers: { ...headers, host: 'localhost' }, payloadAsStream: true },
        ...(body !== undefined && { payload: body }),
      });
      const plain = Object.entries(answer.headers).map(([name, value]) => [
        name,
        value === undefined ? value : String(value),
      ]);
      return { status: answer.statusCode, headers: Object.fromEntries(plain), body: Readable.from(answer.stream()) };
    };
    return apiClient(send, {
      place: 'embedded',
      token,
      settle: () => settle(application, terminal.env, signal),
      close: async () => {
        await server.app.close();
        await application[Symbol.asyncDispose]();
      },
    });
  } catch (error) {
    await application[Symbol.asyncDispose]();
    throw error;
  }
}

/** Access control that also knows the token of this process, whose holder is the owner of the data. */
function withOwner(control: AccessControl, token: string): AccessControl {
  const owner = builtInPolicies.find(({ name }) => name === 'owner');
  const admin = builtInPolicies.find(({ name }) => name === 'platform-admin');
  const policies = [owner, admin].filter((policy) => policy !== undefined);
  const principal: Principal = {
    kind: 'user',
    userId: 0,
    name: 'local',
    accessKeyId: null,
    grants: policies.map((policy) => ({ policy, projects: 'all' as const })),
    sessionPolicy: null,
  };
  const own = { principal, projectExtId: null, expiresAt: Number.MAX_SAFE_INTEGER };
  return new Proxy(control, {
    get: (target, name, receiver) =>
      name === 'byToken'
        ? async (given: string) => (given === token ? own : target.byToken(given))
        : Reflect.get(target, name, receiver),
  });
}

/** Works off what is queued; returns when nothing is left that is due. A service that runs beside does its share. */
async function settle({ store, options }: Application, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const logger = createLogger({ level: 'error', process: 'command' });
  const watch = async (): Promise<boolean> => false;
  await using work = openWork({ queue: store.queue, schedules: store.schedules, options, env, logger, watch });
  work.start();
  for (;;) {
    signal.throwIfAborted();
    const open = await store.queue.list({ states: ['queued', 'running'], limit: 100 });
    if (!open.some(({ state, runAt }) => state === 'running' || runAt <= Date.now())) return;
    await new Promise((resolve) => setTimeout(resolve, settlePollMs));
  }
}
