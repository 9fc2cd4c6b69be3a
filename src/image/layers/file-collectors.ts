import { createHash } from 'node:crypto';
import type { FileContent, FileEntry, LayerVisitor } from './contract.ts';

/** Bodies that are kept at most: those of the largest package database there may be. */
export const bodiesLimit = 512 * 1024 * 1024;

/** Keeps the bodies of the files of one layer that somebody is interested in; the last of a name wins. */
export class BodyCollector implements LayerVisitor<null> {
  readonly id = 'bodies';
  readonly version = 1;
  readonly bodies = new Map<string, Uint8Array>();
  /** Paths whose bodies upper layers have; grows while layers are walked. */
  hidden: ReadonlySet<string> = new Set();
  readonly #interest: (path: string) => boolean;
  #held = 0;

  constructor(interest: (path: string) => boolean) {
    this.#interest = interest;
  }

  wants(entry: FileEntry): 'whole' | 'skip' {
    if (!this.#interest(entry.path) || this.hidden.has(entry.path)) return 'skip';
    // A later entry of the same name replaces an earlier one, whatever it is.
    this.#drop(entry.path);
    return entry.type === 'file' && this.#held + entry.size <= bodiesLimit ? 'whole' : 'skip';
  }

  file(entry: FileEntry, content: FileContent): void {
    if (content.kind !== 'bytes') return;
    this.bodies.set(entry.path, content.bytes);
    this.#held += content.bytes.length;
  }

  #drop(path: string): void {
    const body = this.bodies.get(path);
    if (body === undefined) return;
    this.#held -= body.length;
    this.bodies.delete(path);
  }

  finish(): null {
    return null;
  }
}

/** Hashes of all or of chosen files of one layer, read as streams. */
export class HashCollector implements LayerVisitor<null> {
  readonly id = 'hashes';
  readonly version = 1;
  readonly hashes = new Map<string, { sha256: string; md5: string }>();
  readonly #paths: ReadonlySet<string> | undefined;

  /** Without paths every file is hashed. */
  constructor(paths?: ReadonlySet<string>) {
    this.#paths = paths;
  }

  wants(entry: FileEntry): 'stream' | 'skip' {
    const wanted = this.#paths === undefined || this.#paths.has(entry.path);
    return entry.type === 'file' && wanted ? 'stream' : 'skip';
  }

  async file(entry: FileEntry, content: FileContent): Promise<void> {
    if (content.kind !== 'stream') return;
    const sha256 = createHash('sha256');
    const md5 = createHash('md5');
    for await (const chunk of content.chunks) {
      sha256.update(chunk);
      md5.update(chunk);
    }
    this.hashes.set(entry.path, { sha256: sha256.digest('hex'), md5: md5.digest('hex') });
  }

  finish(): null {
    return null;
  }
}
