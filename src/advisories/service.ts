import { rm, stat } from 'node:fs/promises';
import type { Ecosystem } from '../ecosystems/index.ts';
import { type Clock, messageOf, type Progress } from '../kernel/index.ts';
import { ed25519Key, openBundle, writeBundle } from './airgap/bundle-file.ts';
import { refuseRollback } from './airgap/refuse-rollback.ts';
import { type BundleFiles, buildBundle } from './bundled/build.ts';
import { BundledFactStore } from './bundled/store.ts';
import type { AdvisoryIndex, AdvisorySnapshot } from './contract.ts';
import { AdvisoryError } from './errors.ts';
import { type ChangedKey, changedKeys } from './index/changed-keys.ts';
import { DataDirectory, type StoredSnapshot } from './index/data-directory.ts';
import { type FeedSources, importAll } from './index/import-all.ts';
import { type IndexInfo, openIndexDatabase, readIndexInfo } from './index/index-file.ts';
import type { FeedState } from './index/schema.ts';
import { SqliteFactStore } from './index/sqlite-store.ts';
import { IndexWriter } from './index/writer.ts';
import { contentOf, snapshotId } from './matching-version.ts';
import { indexOver, openAdvisoryIndex } from './open-index.ts';
import type { HttpFetcher } from './ports.ts';
import { sha256Of } from './sha256-of.ts';
import { worldsOf } from './worlds.ts';

/** What the service works with. */
export interface AdvisoryServiceOptions {
  /** Data directory; created by the first update. */
  readonly directory: string;
  /** Folder of the bundled facts, used until the first update or import. */
  readonly bundled: string;
  readonly ecosystems: readonly Ecosystem[];
  readonly http: HttpFetcher;
  readonly clock: Clock;
}

/** What to load, and from where. */
export interface UpdateRequest extends FeedSources {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** A snapshot of the data directory with its feeds. */
export interface SnapshotStatus extends AdvisorySnapshot {
  readonly sequence: number;
  /** RFC 3339: last time that its sources were looked at with success. */
  readonly checkedAt: string;
  /** Bytes of the index file. */
  readonly size: number;
  readonly feeds: readonly FeedState[];
}

/** What is there. */
export interface AdvisoryStatus {
  /** Null before the first update: scans then use the bundled facts. */
  readonly active: SnapshotStatus | null;
  readonly previous: StoredSnapshot | null;
  readonly bundled: AdvisorySnapshot;
}

/** The outcome of an update or import. */
export interface UpdateResult {
  /** False when everything was current already. */
  readonly changed: boolean;
  readonly snapshot: SnapshotStatus;
}

/** Keeps the advisory data of one data directory: update, status, air-gapped exchange, opening for matching. */
export class AdvisoryService {
  readonly #options: AdvisoryServiceOptions;
  readonly #directory: DataDirectory;

  constructor(options: AdvisoryServiceOptions) {
    this.#options = options;
    this.#directory = new DataDirectory(options.directory);
  }

  /**
   * Loads feeds into a new snapshot and makes it the active one. On any failure the active snapshot stays.
   * @throws AdvisoryError
   */
  async update(request: UpdateRequest): Promise<UpdateResult> {
    const now = this.#options.clock.now();
    await using _lock = await this.#directory.lock(now);
    const current = await this.#directory.current();
    const before = current === undefined ? undefined : this.#reusable(current.active, request);
    const temporary = this.#directory.temporary();
    try {
      const previous = current === undefined || before === undefined ? undefined : this.#directory.file(current.active);
      using writer = new IndexWriter(temporary, worldsOf(this.#options.ecosystems), previous);
      const access = {
        http: this.#options.http,
        temporary: this.#directory.temporaryDirectory,
        signal: request.signal,
      };
      const changed = await importAll(writer, request, { access, before, now: now.toISOString() });
      if (!changed && before !== undefined) {
        await this.#directory.confirm(now.toISOString());
        return { changed, snapshot: await this.#activeStatus() };
      }
      const sequence = Math.max((current?.active.sequence ?? 0) + 1, Math.floor(now.getTime() / 1_000));
      await writer.finish({ createdAt: now.toISOString(), sequence });
      const id = `sha256:${await sha256Of(temporary)}`;
      const times = { createdAt: now.toISOString(), checkedAt: now.toISOString() };
      await this.#directory.activate(temporary, { id, origin: 'updated', sequence, ...times });
      return { changed: true, snapshot: await this.#activeStatus() };
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** Id of the active snapshot, which costs one small file to read; null = only the bundled facts are there. */
  async activeId(): Promise<string | null> {
    const current = await this.#directory.current();
    return current === undefined ? null : snapshotId(current.active.id);
  }

  /** When the sources of the active snapshot were last looked at (RFC 3339); null before the first update. Cheap. */
  async checkedAt(): Promise<string | null> {
    return (await this.#directory.current())?.active.checkedAt ?? null;
  }

  /** What is loaded, and what is bundled. @throws AdvisoryError `index_invalid` */
  async status(): Promise<AdvisoryStatus> {
    const current = await this.#directory.current();
    using bundled = await BundledFactStore.open(this.#options.bundled);
    return {
      active: current === undefined ? null : await this.#statusOf(current.active),
      previous: current?.previous ? { ...current.previous, id: snapshotId(current.previous.id) } : null,
      bundled: bundled.snapshot,
    };
  }

  /**
   * Writes the active snapshot to one file for machines without network.
   * @param signKey Ed25519 private key in PEM form.
   * @throws AdvisoryError `no_snapshot`, `key_invalid`
   */
  async exportBundle(file: string, options: { readonly signKey?: string } = {}): Promise<SnapshotStatus> {
    const key = options.signKey === undefined ? undefined : ed25519Key(options.signKey, 'private');
    const current = await this.#directory.current();
    if (current === undefined) {
      const hint = 'Run `drydock db update --from URL|DIR` first; the bundled facts are part of every installation.';
      throw new AdvisoryError('no_snapshot', 'there is no advisory data to export', { hint });
    }
    const status = await this.#statusOf(current.active);
    const { sequence, createdAt, size } = status;
    const { id } = current.active;
    const feeds = status.feeds.map(({ id, fingerprint, records, modified }) => ({
      id,
      fingerprint,
      records,
      modified,
    }));
    const index = { sha256: id.slice('sha256:'.length), size };
    await writeBundle(file, this.#directory.file(current.active), { sequence, createdAt, feeds, index }, key);
    return status;
  }

  /**
   * Makes a bundle's snapshot the active one, after its integrity, age and, with a key, signature were checked.
   * @param verifyKey Ed25519 public key in PEM form; with it, unsigned bundles are refused.
   * @throws AdvisoryError `bundle_invalid`, `bundle_signature`, `bundle_rollback`, `index_invalid`, `key_invalid`
   */
  async importBundle(
    file: string,
    options: { readonly verifyKey?: string; readonly allowRollback?: boolean; readonly signal: AbortSignal },
  ): Promise<UpdateResult> {
    const key = options.verifyKey === undefined ? undefined : ed25519Key(options.verifyKey, 'public');
    const now = this.#options.clock.now();
    const { header, extract } = await openBundle(file, key);
    await using _lock = await this.#directory.lock(now);
    const current = await this.#directory.current();
    const id = `sha256:${header.index.sha256}`;
    if (current?.active.id === id) return { changed: false, snapshot: await this.#activeStatus() };
    if (options.allowRollback !== true) refuseRollback(header, current);
    const temporary = this.#directory.temporary();
    try {
      await extract(temporary, options.signal);
      const { createdAt, sequence } = infoOf(temporary);
      if (createdAt !== header.createdAt || sequence !== header.sequence) {
        throw new AdvisoryError('bundle_invalid', 'the header of the bundle contradicts its index');
      }
      const checkedAt = header.createdAt;
      await this.#directory.activate(temporary, { id, origin: 'imported', createdAt, sequence, checkedAt });
    } finally {
      await rm(temporary, { force: true });
    }
    return { changed: true, snapshot: await this.#activeStatus() };
  }

  /**
   * Files of the bundle that the active snapshot makes: what the program brings with it.
   * @throws AdvisoryError `no_snapshot`, `index_invalid`
   */
  async bundle(): Promise<BundleFiles> {
    const current = await this.#directory.current();
    if (current === undefined) throw new AdvisoryError('no_snapshot', 'there is no advisory data to bundle');
    using store = new SqliteFactStore(this.#directory.file(current.active), current.active);
    return buildBundle(store);
  }

  /** Opens the active snapshot, before the first update the bundled facts. @throws AdvisoryError `index_invalid` */
  async open(): Promise<AdvisoryIndex> {
    const { ecosystems } = this.#options;
    const current = await this.#directory.current();
    if (current === undefined) return indexOver(await BundledFactStore.open(this.#options.bundled), ecosystems);
    const { id, origin } = current.active;
    const identity = { id: snapshotId(id), origin };
    return openAdvisoryIndex(this.#directory.file(current.active), { ...identity, ecosystems });
  }

  /**
   * Names whose advisories differ between two snapshots; `all` when one of them is no longer there to be compared, when
   * it was matched by another version of the matcher, or when comparing is of no use. The bundled facts are never compared.
   * @throws AdvisoryError `index_invalid`
   */
  async changedKeys(before: string, after: string): Promise<readonly ChangedKey[] | 'all'> {
    if (before === after) return [];
    const [old, fresh] = [contentOf(before), contentOf(after)];
    if (old.version !== fresh.version) return 'all';
    const files = [old, fresh].map(({ content }) => this.#directory.file({ id: content }));
    const present = await Promise.all(
      files.map((file) =>
        stat(file).then(
          () => true,
          () => false,
        ),
      ),
    );
    const [from, to] = files;
    return present.includes(false) || from === undefined || to === undefined ? 'all' : changedKeys(from, to);
  }

  async #activeStatus(): Promise<SnapshotStatus> {
    const current = await this.#directory.current();
    if (current === undefined) throw new AdvisoryError('index_invalid', 'the advisory data vanished during the update');
    return this.#statusOf(current.active);
  }

  async #statusOf(snapshot: StoredSnapshot): Promise<SnapshotStatus> {
    const { feeds } = this.#info(snapshot);
    const { size } = await stat(this.#directory.file(snapshot));
    const sources = feeds.map(({ id, records, modified, bulk }) => ({ id, records, modified, bulk }));
    return { ...snapshot, id: snapshotId(snapshot.id), size, feeds, sources };
  }

  #info(snapshot: StoredSnapshot): IndexInfo {
    return infoOf(this.#directory.file(snapshot));
  }

  /** What an update can build on; nothing where the index is damaged or of another format: it is then built anew. */
  #reusable(snapshot: StoredSnapshot, { only }: UpdateRequest): IndexInfo | undefined {
    try {
      return this.#info(snapshot);
    } catch (cause) {
      if (only === undefined) return undefined;
      const hint = 'Update without --only: what is loaded cannot be kept and has to be loaded again.';
      throw new AdvisoryError('index_invalid', messageOf(cause), { cause, hint });
    }
  }
}

function infoOf(path: string): IndexInfo {
  const database = openIndexDatabase(path);
  try {
    return readIndexInfo(database);
  } finally {
    database.close();
  }
}
