import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { drydock } from './drydock.ts';
import { installed, toyArchive, toyDebianLayer } from './e0-debian.ts';
import { type FakeRegistry, startFakeRegistry } from './fake-registry.ts';
import type { Finished } from './run.ts';
import { administrator } from './service.ts';
import { writeOsvArchive } from './zip-archive.ts';

/** A vulnerability of a package of Debian 12; without `fixed` there is no fix. */
export interface ToyAdvisory {
  readonly id: string;
  readonly package: string;
  readonly fixed?: string;
}

/** The credentials that the registry of a toy estate asks for; the password is to be seen nowhere else. */
export const toyRobot = { user: 'robot', password: 'canary-7d41aa-registry-password' };

/** Advisories of the image `team/app:v1`: two of `libtoy`, of which a package of the archive repairs both, one of `other`. */
export const toyAdvisories: readonly ToyAdvisory[] = [
  { id: 'CVE-2024-0001', package: 'libtoy', fixed: '2.0-1' },
  { id: 'CVE-2024-0002', package: 'libtoy', fixed: '2.0-1' },
  { id: 'CVE-2024-0003', package: 'other' },
];

/** A registry with one toy image, signed packages that repair it, advisories: a service over it takes seconds. */
export interface ToyEstate extends AsyncDisposable {
  readonly directory: string;
  /** Of the service, and of the command line without a server. */
  readonly dataDirectory: string;
  readonly registry: FakeRegistry;
  /** File that holds the password of {@link toyRobot}. */
  readonly passwordFile: string;
  /** What every process needs to know about this world. */
  readonly env: NodeJS.ProcessEnv;
  /** Loads these advisories and no others, as an operator would. */
  advise(advisories: readonly ToyAdvisory[]): Promise<void>;
  /** Runs the command line over the data directory, or another one. */
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Finished>;
  /** Like `run`, and reads its JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers by the published names
  json(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<any>;
}

/** Layers of the toy image; `more` is appended to its package database. */
export function toyLayers(more = ''): Buffer[] {
  return [toyDebianLayer(installed('other', '1.0-1') + installed('quiet', '1.0-1') + more)];
}

/** Makes a toy estate with `team/app:v1` and {@link toyAdvisories}. */
export async function createToyEstate(extra: NodeJS.ProcessEnv = {}): Promise<ToyEstate> {
  const directory = await mkdtemp(join(tmpdir(), 'drydock-estate-'));
  const registry = await startFakeRegistry({ auth: { kind: 'basic', ...toyRobot } });
  registry.pushTestImage('team/app', 'v1', toyLayers());
  const dataDirectory = join(directory, 'data');
  const passwordFile = join(directory, 'password');
  await writeFile(passwordFile, `${toyRobot.password}\n`);
  const configuration = join(directory, 'config.yaml');
  await writeFile(configuration, JSON.stringify({ fix: await archive(join(directory, 'archive')) }));
  const env = {
    DRYDOCK_CONFIG: configuration,
    DRYDOCK_REGISTRY_ALLOW: '127.0.0.0/8',
    DRYDOCK_BOOTSTRAP_ACCESS_KEY: `${administrator.id}:${administrator.secret}`,
    ...extra,
  };
  const run: ToyEstate['run'] = (args, more = {}) => drydock(args, { dataDirectory, env: { ...env, ...more } });
  const estate: ToyEstate = {
    ...{ directory, dataDirectory, registry, passwordFile, env, run },
    async advise(advisories) {
      const feed = join(directory, 'osv');
      await mkdir(join(feed, 'Debian'), { recursive: true });
      writeOsvArchive(join(feed, 'Debian', 'all.zip'), advisories.map(osvRecord));
      const { code, stderr } = await run(['db', 'update', '--from', feed, '-q']);
      if (code !== 0) throw new Error(`the advisories could not be loaded: ${stderr}`);
    },
    async json(args, more) {
      const { code, stdout, stderr } = await run([...args, '--json'], more);
      if (code !== 0) throw new Error(`drydock ${args.join(' ')} ended with ${code}: ${stderr}`);
      return JSON.parse(stdout);
    },
    async [Symbol.asyncDispose]() {
      await registry.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
  await estate.advise(toyAdvisories);
  return estate;
}

function osvRecord({ id, package: name, fixed }: ToyAdvisory) {
  const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, ...(fixed === undefined ? [] : [{ fixed }])] }];
  const affected = [{ package: { ecosystem: 'Debian:12', name }, ranges }];
  return { id, modified: '2026-01-01T00:00:00Z', affected };
}

/** Writes the signed package archive; gives the part `fix` of the configuration. */
async function archive(folder: string): Promise<object> {
  const { content, keyring } = await toyArchive();
  for (const [path, bytes] of content) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  const suites = [{ archive: 'toy', suite: 'toy', components: ['main'], origin: 'Toy' }];
  return {
    archives: { toy: [{ base: `file://${folder}` }] },
    sources: [{ match: { id: 'debian', versionId: '12' }, keyring, suites }],
  };
}
