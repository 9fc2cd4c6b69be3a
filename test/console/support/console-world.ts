import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type CliWorld, createCliWorld } from '../../support/cli-world.ts';
import { debianRootfs } from '../../support/debian-image.ts';
import { debianMirror } from '../../support/debian-mirror.ts';
import { type NativeCall, nativeClient, type RunningService, startService } from '../../support/service.ts';
import { until } from '../../support/until.ts';
import { needsBuiltConsole } from './built-console.ts';
import { consoleImages } from './console-images.ts';
import { sharedLayout } from './shared-layout.ts';

/** Who signs in at the console of the world. */
export const person = { name: 'ada', password: `pass-${randomBytes(9).toString('base64url')}` };
/** Credentials of the registry of the world. */
export const robot = { username: 'robot', password: 'secret & 1' };
const minutes = 60_000;

/** A real service with the console, a real registry with images, and a person who may do everything. */
export interface ConsoleWorld extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly registry: CliWorld;
  service: RunningService;
  readonly native: NativeCall;
  /** Ends the server and starts it again at the same address. */
  restart(whileAway?: () => Promise<void>): Promise<void>;
  /** Onboards the registry and waits until everything in it is scanned. */
  onboard(): Promise<void>;
}

interface ConsoleWorldOptions {
  readonly port?: number;
  /** Where another password than a random one is wanted: a world to look at. */
  readonly password?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts the world; the registry holds its images, and the service knows nothing of it yet. */
export async function createConsoleWorld(options: ConsoleWorldOptions = {}): Promise<ConsoleWorld> {
  needsBuiltConsole();
  const mirror = debianMirror();
  if (mirror === undefined) throw new Error('no Debian mirror');
  const registry = await createCliWorld();
  const layout = join(registry.directory, 'images');
  const images = consoleImages(await debianRootfs(mirror, 'bullseye'));
  await sharedLayout(
    layout,
    images.map((image) => ({ ...image, tag: image.repository.replace('/', '-') })),
  );
  for (const { repository, tag } of images) {
    await registry.copy(
      `oci:${layout}:${repository.replace('/', '-')}`,
      `docker://${registry.host}/${repository}:${tag}`,
    );
  }
  const start = (port?: number): Promise<RunningService> =>
    startService({
      dataDirectory: join(registry.directory, 'service'),
      env: { DRYDOCK_LOG_LEVEL: 'warn', ...options.env },
      ...(port === undefined ? {} : { port }),
    });
  const service = await start(options.port);
  const native = nativeClient(service.host);
  const made = await native('POST', '/users', { name: person.name, password: options.password ?? person.password });
  const grants = [{ policy: 'owner', projects: 'all' }];
  const granted = await native('PUT', `/users/${made.body.id}/grants`, { grants });
  if (granted.status !== 200) throw new Error(`the person could not be made: ${JSON.stringify(granted.body)}`);
  const world: ConsoleWorld = {
    ...{ url: `http://${service.host}`, registry, service, native },
    async restart(whileAway) {
      await world.service.stop();
      try {
        await whileAway?.();
      } finally {
        world.service = await start(Number(service.host.split(':')[1]));
      }
    },
    async onboard() {
      const order = { name: 'harbour', kind: 'oci', baseUrl: `http://${registry.host}`, insecure: true, scanNew: true };
      const added = await native('POST', '/registries', { ...order, ...robot });
      if (added.status !== 201) throw new Error(`the registry could not be added: ${JSON.stringify(added.body)}`);
      const scanned = async () => (await native('GET', '/images/facets')).body.scanned;
      await until('all images are scanned', scanned, (count) => count === images.length, 5 * minutes);
    },
    async [Symbol.asyncDispose]() {
      await world.service[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    },
  };
  return world;
}
