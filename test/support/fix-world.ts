import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FixDeps, FixJournal, FixRecord, FixRequest, OwnResult } from '../../src/fix/index.ts';
import { runFix } from '../../src/fix/run-fix.ts';
import {
  BlobError,
  type BlobStore,
  type Digest,
  digestOf,
  type ImageHandle,
  isForeignLayer,
  type Manifest,
  type ManifestDocument,
  type OpenedReference,
  type Platform,
  parseConfig,
} from '../../src/image/index.ts';
import { type Clock, fixedClock, noProgress } from '../../src/kernel/index.ts';
import { MemoryRepository } from './memory-repository.ts';
import { MemorySpool } from './memory-spool.ts';
import { buildTestImage, type TestImage, type TestImageOptions, tar } from './test-image.ts';
import { createToyFixer, scanToy, type ToyWorld, toyDatabase, toyFile, toyVersions, toyWorld } from './toy-fixer.ts';

/** A blob store in memory. */
export class MemoryBlobs implements BlobStore {
  readonly blobs = new Map<Digest, Buffer>();
  /** Throws when a put is to fail. */
  onPut: (digest: Digest) => void = () => {};

  async size(digest: Digest): Promise<number | undefined> {
    return this.blobs.get(digest)?.length;
  }

  async open(digest: Digest): Promise<Readable> {
    const bytes = this.blobs.get(digest);
    if (!bytes) throw new BlobError('blob_not_found', `no blob ${digest}`);
    return Readable.from([bytes]);
  }

  async put(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<{ digest: Digest; size: number }> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const digest = digestOf(bytes);
    this.onPut(digest);
    this.blobs.set(digest, bytes);
    return { digest, size: bytes.length };
  }

  async remove(digest: Digest): Promise<void> {
    this.blobs.delete(digest);
  }

  spool(content: AsyncIterable<Uint8Array>): Promise<MemorySpool> {
    return MemorySpool.of(content);
  }
}

/** A journal in memory; a lease is a queue per target. */
export class MemoryJournal implements FixJournal {
  readonly records = new Map<string, FixRecord>();
  readonly history: FixRecord[] = [];
  readonly results = new Map<Digest, OwnResult>();
  readonly #queues = new Map<string, Promise<void>>();
  /** Set to let a running task lose its lease. */
  lost = false;

  async lease(target: { repository: string; tag: string }): ReturnType<FixJournal['lease']> {
    const name = JSON.stringify([target.repository, target.tag]);
    const before = this.#queues.get(name) ?? Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#queues.set(
      name,
      before.then(() => promise),
    );
    await before;
    let ended = false;
    return {
      held: async () => !this.lost && !ended,
      [Symbol.asyncDispose]: async () => {
        ended = true;
        resolve();
      },
    };
  }

  async read(key: string): Promise<FixRecord | undefined> {
    return this.records.get(key);
  }

  async write(record: FixRecord): Promise<void> {
    // As from a file: nothing of the writer's memory survives.
    const copy = JSON.parse(JSON.stringify(record)) as FixRecord;
    this.records.set(record.key, copy);
    this.history.push(copy);
  }

  async abandoned(): Promise<readonly FixRecord[]> {
    return [...this.records.values()].filter(({ terminal }) => !terminal);
  }

  async remove(key: string): Promise<void> {
    this.records.delete(key);
  }

  async addOwnResult(result: OwnResult): Promise<void> {
    this.results.set(result.manifest, result);
  }

  async ownResult(manifest: Digest): Promise<OwnResult | undefined> {
    return this.results.get(manifest);
  }
}

/** Everything of one test; parts may be exchanged before a run. */
export interface FixBench {
  readonly world: ToyWorld;
  readonly repository: MemoryRepository;
  readonly outputs: Map<string, MemoryRepository>;
  readonly blobs: MemoryBlobs;
  readonly journal: MemoryJournal;
  clock: Clock;
  deps: FixDeps;
  /** Runs one fix; the defaults ask for everything fixable under the tag `fixed`. */
  run(change?: Partial<FixRequest>, signal?: AbortSignal): ReturnType<typeof runFix>;
}

/** An image whose single layer holds a toy database. */
export function toyImage(packages: Readonly<Record<string, number>>, options: TestImageOptions = {}): TestImage {
  const base = tar({
    etc: { type: 'directory' },
    'etc/motd': 'hello',
    var: { type: 'directory' },
    'var/lib': { type: 'directory' },
    'var/lib/toy': { type: 'directory' },
    [toyDatabase]: toyFile(packages),
    usr: { type: 'directory' },
    'usr/lib': { type: 'directory' },
  });
  return buildTestImage([base], options);
}

/** A source image `v1` with libfoo 1 in a repository of its own, and all that a fix of it needs. */
export function fixBench(world: ToyWorld = toyWorld(), image: TestImage = toyImage({ libfoo: 1, other: 1 })): FixBench {
  const repository = new MemoryRepository();
  repository.seed('v1', image);
  const outputs = new Map<string, MemoryRepository>();
  const blobs = new MemoryBlobs();
  const journal = new MemoryJournal();
  const bench: FixBench = {
    world,
    repository,
    outputs,
    blobs,
    journal,
    clock: fixedClock('2024-02-01T12:34:56.789Z'),
    deps: undefined as never,
    async run(change = {}, signal = new AbortController().signal) {
      return runFix({ ...defaultRequest, ...change }, bench.deps, signal);
    },
  };
  bench.deps = {
    openReference: (reference) => openMemory(repository, reference),
    openTarget: async (reference) => {
      const output = outputs.get(reference) ?? new MemoryRepository(reference);
      outputs.set(reference, output);
      return { repository: output, [Symbol.asyncDispose]: async () => {} };
    },
    scan: (handle, signal) => scanToy(world, handle, signal),
    fixers: [createToyFixer(world)],
    versions: () => toyVersions,
    blobs,
    journal,
    clock: { now: () => bench.clock.now() },
    progress: noProgress,
    newId: randomUUID,
    version: '0.1.0',
    signer: undefined,
  };
  return bench;
}

/** What most tests ask for. */
export const defaultRequest: FixRequest = {
  reference: 'registry.example/team/app:v1',
  selection: { kind: 'all-fixable' },
  target: { tag: 'fixed' },
  output: undefined,
  platforms: undefined,
  strategy: 'best-effort',
  overwrite: 'never',
  gate: 'high',
  pinned: new Set(),
  attach: [],
  attachPolicy: 'best-effort',
  planOnly: false,
};

type ImageDocument = ManifestDocument & { readonly content: Manifest };

async function openMemory(repository: MemoryRepository, reference: string): Promise<OpenedReference> {
  const at = reference.indexOf('@');
  const tag = at < 0 ? reference.slice(reference.lastIndexOf(':') + 1) : undefined;
  const root = await repository.manifest(tag ?? reference.slice(at + 1));
  if (!root) throw new Error(`no ${reference}`);
  const children =
    root.content.kind === 'index'
      ? root.content.manifests.filter(({ platform }) => platform && platform.os !== 'unknown')
      : [{ mediaType: root.mediaType, digest: root.digest, size: root.bytes.length }];
  const open = async (digest: Digest): Promise<ImageHandle> => {
    const document = (await repository.manifest(digest)) as ImageDocument;
    const configBytes = repository.blobs.get(document.content.config.digest) ?? Buffer.alloc(0);
    const config = parseConfig(configBytes);
    return {
      reference,
      document,
      indexDigest: root.digest === digest ? undefined : root.digest,
      config,
      configBytes,
      platform: { os: config.os, architecture: config.architecture },
      diagnostics: [],
      layers: document.content.layers.map((descriptor, index) => ({
        descriptor,
        diffId: config.diffIds[index] as Digest,
        foreign: isForeignLayer(descriptor),
        open: () => repository.openBlob(descriptor),
      })),
    };
  };
  const platforms = await Promise.all(
    children.map(async (descriptor) => ({ platform: (await open(descriptor.digest)).platform, descriptor })),
  );
  return {
    reference,
    root,
    platforms,
    repository,
    tag,
    async image(platform: Platform | undefined) {
      const found = platforms.find((entry) => !platform || entry.platform.architecture === platform.architecture);
      if (!found) throw new Error('no such platform');
      return open(found.descriptor.digest);
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
