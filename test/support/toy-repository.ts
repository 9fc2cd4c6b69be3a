import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { createCleartextMessage, generateKey, type PartialConfig, type PrivateKey, sign } from 'openpgp';
import {
  type ArchiveDeps,
  createArchiveDeps,
  type FreshnessStore,
  type LocalFiles,
  memoryFreshness,
  memoryIndexCache,
  type RepositoryConfig,
} from '../../src/ecosystems/index.ts';
import { fixedClock } from '../../src/kernel/index.ts';

/** The time of every toy repository unless a test says otherwise. */
export const toyNow = new Date('2026-03-01T12:00:00Z');

/** A key pair made for one test. */
export interface ToyKey {
  readonly privateKey: PrivateKey;
  readonly armored: string;
}

/** Makes a signing key; `seconds` is its life time from `created`. */
export async function toyKey(options: { rsaBits?: number; created?: Date; seconds?: number } = {}): Promise<ToyKey> {
  const { rsaBits, created, seconds } = options;
  const common = {
    userIDs: [{ name: 'Toy archive' }],
    format: 'object' as const,
    date: created ?? new Date('2026-01-01T00:00:00Z'),
    ...(seconds === undefined ? {} : { keyExpirationTime: seconds }),
  };
  const { privateKey } =
    rsaBits === undefined
      ? await generateKey({ ...common, type: 'ecc', curve: 'ed25519Legacy' })
      : await generateKey({
          ...common,
          type: 'rsa',
          rsaBits: rsaBits as 2048,
          config: { minRSABits: rsaBits },
        });
  return { privateKey, armored: privateKey.toPublic().armor() };
}

/** What a toy suite says about itself. */
export interface ToySuite {
  readonly suite: string;
  readonly packages: string;
  readonly origin?: string;
  readonly date?: Date;
  readonly validUntil?: Date;
  readonly byHash?: boolean;
  /** Signs with this instead of the pinned key. */
  readonly signer?: ToyKey;
  /** How the text is signed. */
  readonly signature?: { readonly date?: Date; readonly config?: PartialConfig };
  /** Last changes to the unsigned text. */
  readonly edit?: (release: string) => string;
}

/** The files of one suite as a mirror serves them, by path below the archive's base. */
export async function toySuite(key: ToyKey, suite: ToySuite): Promise<Map<string, Buffer>> {
  const index = gzipSync(suite.packages);
  const hash = createHash('sha256').update(index).digest('hex');
  const directory = 'main/binary-amd64';
  const date = suite.date ?? new Date('2026-02-28T12:00:00Z');
  const release = [
    `Origin: ${suite.origin ?? 'Toy'}`,
    `Suite: stable`,
    `Codename: ${suite.suite}`,
    `Date: ${date.toUTCString()}`,
    ...(suite.validUntil === undefined ? [] : [`Valid-Until: ${suite.validUntil.toUTCString()}`]),
    ...(suite.byHash ? ['Acquire-By-Hash: yes'] : []),
    'Architectures: amd64',
    'Components: main',
    'SHA256:',
    ` ${hash} ${index.length} ${directory}/Packages.gz`,
    '',
  ].join('\n');
  const text = suite.edit?.(release) ?? release;
  const signed = await clearSign(text, suite.signer ?? key, suite.signature?.date ?? date, suite.signature?.config);
  const base = `dists/${suite.suite}`;
  const name = suite.byHash ? `by-hash/SHA256/${hash}` : 'Packages.gz';
  return new Map([
    [`${base}/InRelease`, Buffer.from(signed)],
    [`${base}/${directory}/${name}`, index],
  ]);
}

/** A clear-signed text. */
export async function clearSign(text: string, key: ToyKey, date: Date, config: PartialConfig = {}): Promise<string> {
  const message = await createCleartextMessage({ text });
  return sign({ message, signingKeys: key.privateKey, date, config: { minRSABits: 1024, ...config } });
}

/** A stanza of a `Packages` file; `fields` replace and complete the defaults. */
export function toyStanza(name: string, version: string, fields: Record<string, string> = {}): string {
  const all = {
    Package: name,
    Version: version,
    Architecture: 'amd64',
    Filename: `pool/main/${name}_${version.split(':').at(-1)}_amd64.deb`,
    Size: '100',
    SHA256: createHash('sha256').update(`${name} ${version}`).digest('hex'),
    ...fields,
  };
  return `${Object.entries(all)
    .map(([field, value]) => `${field}: ${value}\n`)
    .join('')}\n`;
}

/** Files in memory in place of a mirror's directory. */
export function toyFiles(files: ReadonlyMap<string, Buffer>): LocalFiles {
  return {
    async open(path) {
      const content = files.get(path.replace(/^\/toy\//, ''));
      if (content === undefined) return undefined;
      return (async function* () {
        yield content;
      })();
    },
  };
}

/** One source with one suite of one archive named `toy`. */
export function toyConfig(keyring: string, suite = 'toy', base = 'file:///toy', maxAge?: number): RepositoryConfig {
  return {
    archives: { toy: [{ base }] },
    sources: [
      {
        match: { id: 'toyos', versionId: '1' },
        keyring,
        suites: [
          { archive: 'toy', suite, components: ['main'], origin: 'Toy', ...(maxAge === undefined ? {} : { maxAge }) },
        ],
      },
    ],
  };
}

/** The operating system that `toyConfig` serves. */
export const toyOs = {
  id: 'toyos',
  versionId: '1',
  codename: 'toy',
  prettyName: null,
  path: 'etc/os-release',
} as const;

/** Dependencies of the archive client over files in memory; there is no network. */
export function toyDeps(
  config: RepositoryConfig,
  files: ReadonlyMap<string, Buffer>,
  options: { now?: Date; freshness?: FreshnessStore; http?: ArchiveDeps['http'] } = {},
): ArchiveDeps {
  const offline: ArchiveDeps['http'] = {
    get: async () => {
      throw new Error('no network in this test');
    },
    close: async () => {},
  };
  return createArchiveDeps({
    config,
    clock: fixedClock(options.now ?? toyNow),
    freshness: options.freshness ?? memoryFreshness(),
    cache: memoryIndexCache(),
    builtinKeyring: async () => undefined,
    http: options.http ?? offline,
    files: toyFiles(files),
    sleep: async () => {},
  });
}
