import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  damaged,
  type FeedFile,
  type GenerationDraft,
  RuleFeedError,
  type RuleGeneration,
  type RuleStore,
  readManifest,
  writeManifest,
} from '../../detectors/index.ts';
import { type Clock, isJsonObject, parseJson, writeDurably } from '../../kernel/index.ts';
import { acquireFileLock } from '../journal/file-lock.ts';

/** Generations that are kept, the one in use included. */
const keptGenerations = 5;

/** How long a change waits for another one. */
const lockMs = 15_000;

/** Which generation is in use. */
interface Pointer {
  readonly number: number;
  /** Of its manifest. */
  readonly sha256: string;
}

/**
 * Imported rules in a directory:
 *
 *     current.json                       which generation is in use; replaced atomically, so a change is whole or nothing
 *     generations/<number>.<sha256>.json manifests, named by their content, never changed
 *     files/<sha256>                     contents, shared by generations, never changed
 *     change.lock                        held by a running change
 */
export function createRuleStore(directory: string, clock: Clock): RuleStore {
  return new DirectoryStore(directory, clock);
}

class DirectoryStore implements RuleStore {
  readonly #directory: string;
  readonly #clock: Clock;

  constructor(directory: string, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
  }

  async current(): Promise<RuleGeneration | undefined> {
    const pointer = await this.#pointer();
    return pointer && this.#generation(pointer);
  }

  async kept(): Promise<readonly RuleGeneration[]> {
    const found = await Promise.all((await this.#pointers()).map((pointer) => this.#readable(pointer)));
    return found.filter((generation) => generation !== undefined);
  }

  async read({ name, sha256, size }: FeedFile): Promise<Uint8Array> {
    const path = this.#file(sha256);
    let bytes: Buffer;
    try {
      // Asked first: a file that grew is not read into memory to find that out.
      if ((await stat(path)).size !== size) throw new TypeError('another size');
      bytes = await readFile(path);
    } catch (cause) {
      throw damaged(`the kept content of ${name} cannot be read`, cause);
    }
    if (hexOf(bytes) !== sha256) throw damaged(`the kept content of ${name} is not what was imported`);
    return bytes;
  }

  async change(
    make: (current: RuleGeneration | undefined) => Promise<GenerationDraft | undefined>,
  ): Promise<RuleGeneration | undefined> {
    await using _lock = await this.#lock();
    const current = await this.current();
    const draft = await make(current);
    if (draft === undefined) return current;
    for (const [sha256, bytes] of draft.contents) {
      const held = await stat(this.#file(sha256)).catch(() => undefined);
      if (held?.size !== bytes.length) await writeDurably(this.#file(sha256), bytes, 0o644);
    }
    const newest = (await this.#pointers())[0]?.number ?? 0;
    const generation: RuleGeneration = {
      number: newest + 1,
      previous: current?.number ?? null,
      createdAt: this.#clock.now().toISOString(),
      change: draft.change,
      feeds: draft.feeds,
    };
    const text = writeManifest(generation);
    const pointer = { number: generation.number, sha256: hexOf(text) };
    await writeDurably(this.#manifest(pointer), text, 0o644);
    await this.#use(pointer);
    await this.#prune(pointer);
    return generation;
  }

  async rollback(to?: number): Promise<RuleGeneration> {
    await using _lock = await this.#lock();
    const pointers = await this.#pointers();
    const target = to ?? (await this.#before(pointers));
    const pointer = pointers.find(({ number }) => number === target);
    if (pointer === undefined) throw new RuleFeedError('not_found', `generation ${target} is not kept`);
    const generation = await this.#generation(pointer);
    // What is damaged must not come into use; reading checks it.
    for (const feed of generation.feeds) for (const file of feed.files) await this.read(file);
    await this.#use(pointer);
    return generation;
  }

  /** Where a rollback leads: the generation before, or the newest that can be read where the one in use cannot. */
  async #before(pointers: readonly Pointer[]): Promise<number> {
    let current: RuleGeneration | undefined;
    let isDamaged = false;
    try {
      current = await this.current();
    } catch {
      isDamaged = true;
    }
    const readable = isDamaged ? await this.kept() : [];
    const target = isDamaged ? readable[0]?.number : current?.previous;
    if (target !== undefined && target !== null && pointers.some(({ number }) => number === target)) return target;
    throw new RuleFeedError('nothing_to_roll_back', 'no generation before the one in use is kept', {
      hint: '`drydock rules ls` names the generations that are kept.',
    });
  }

  async #pointer(): Promise<Pointer | undefined> {
    let bytes: Buffer;
    try {
      bytes = await readFile(join(this.#directory, 'current.json'));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw damaged('current.json of the imported rules cannot be read', cause);
    }
    try {
      const value = parseJson(bytes, { maxBytes: 4096, maxDepth: 2 });
      const { number, sha256 } = isJsonObject(value) ? value : {};
      if (typeof number !== 'number' || typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) {
        throw new TypeError('names no generation');
      }
      return { number, sha256 };
    } catch (cause) {
      throw damaged('current.json of the imported rules is damaged', cause);
    }
  }

  async #generation(pointer: Pointer): Promise<RuleGeneration> {
    let bytes: Buffer;
    try {
      bytes = await readFile(this.#manifest(pointer));
    } catch (cause) {
      throw damaged(`the manifest of generation ${pointer.number} cannot be read`, cause);
    }
    const generation = hexOf(bytes) === pointer.sha256 ? readManifest(bytes) : undefined;
    if (generation?.number === pointer.number) return generation;
    throw damaged(`the manifest of generation ${pointer.number} was changed`);
  }

  async #readable(pointer: Pointer): Promise<RuleGeneration | undefined> {
    return this.#generation(pointer).catch(() => undefined);
  }

  /** All kept generations, newest first. */
  async #pointers(): Promise<readonly Pointer[]> {
    const names = await readdir(join(this.#directory, 'generations')).catch((): string[] => []);
    return names
      .flatMap((name): Pointer[] => {
        const [, number, sha256] = /^([1-9][0-9]{0,14})\.([0-9a-f]{64})\.json$/.exec(name) ?? [];
        return number === undefined || sha256 === undefined ? [] : [{ number: Number(number), sha256 }];
      })
      .sort((a, b) => b.number - a.number);
  }

  async #use(pointer: Pointer): Promise<void> {
    await writeDurably(join(this.#directory, 'current.json'), `${JSON.stringify(pointer)}\n`, 0o644);
  }

  /** Removes what no kept generation needs. Best effort: a failure leaves more than is needed, never less. */
  async #prune(current: Pointer): Promise<void> {
    try {
      const pointers = await this.#pointers();
      const keep = pointers.filter(({ number }, index) => index < keptGenerations || number === current.number);
      const generations = await Promise.all(keep.map((pointer) => this.#generation(pointer)));
      for (const pointer of pointers) if (!keep.includes(pointer)) await rm(this.#manifest(pointer));
      const needed = new Set(
        generations.flatMap(({ feeds }) => feeds.flatMap(({ files }) => files.map((f) => f.sha256))),
      );
      for (const name of await readdir(join(this.#directory, 'files'))) {
        if (!needed.has(name)) await rm(join(this.#directory, 'files', name), { force: true });
      }
    } catch {
      // Tried again with the next change.
    }
  }

  async #lock(): Promise<AsyncDisposable> {
    await mkdir(join(this.#directory, 'files'), { recursive: true });
    try {
      return await acquireFileLock(join(this.#directory, 'change.lock'), AbortSignal.timeout(lockMs));
    } catch (cause) {
      const { name } = cause as Error;
      if (name !== 'TimeoutError' && name !== 'AbortError') throw cause;
      throw new RuleFeedError('rules_busy', 'another process is changing the rules', { retryable: true, cause });
    }
  }

  #manifest({ number, sha256 }: Pointer): string {
    return join(this.#directory, 'generations', `${number}.${sha256}.json`);
  }

  #file(sha256: string): string {
    return join(this.#directory, 'files', sha256);
  }
}

function hexOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
