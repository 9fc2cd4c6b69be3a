import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AdvisorySnapshot } from '../contract.ts';
import { AdvisoryError } from '../errors.ts';
import type { EpssScore, FactStore, PackageFact, RecordFacts } from '../facts.ts';
import { snapshotId } from '../matching-version.ts';
import { type BundleManifest, type BundlePart, manifestFile } from './format.ts';
import { damaged, UnpackedPart } from './part.ts';

/** Records of one part have numbers from a multiple of this. */
const recordsOfPart = 2 ** 24;

/** Answers from the bundled facts. A part is unpacked when the first of its packages is looked up. */
export class BundledFactStore implements FactStore {
  readonly snapshot: AdvisorySnapshot;
  readonly #directory: string;
  readonly #parts: readonly BundlePart[];
  /** Number of the part that knows an ecosystem. */
  readonly #partOf: ReadonlyMap<string, number>;
  readonly #unpacked = new Map<number, UnpackedPart>();
  readonly #facts = new Map<string, readonly PackageFact[]>();
  /** What other records say of severities, by vulnerability, of the records that were read. */
  readonly #lent = new Map<string, RecordFacts[]>();

  /**
   * @param directory folder of the bundle.
   * @throws AdvisoryError `index_invalid`
   */
  static async open(directory: string): Promise<BundledFactStore> {
    let bytes: Buffer;
    try {
      bytes = await readFile(join(directory, manifestFile));
    } catch (cause) {
      const hint = 'Load advisory data with `drydock db update --from URL|DIR`.';
      throw new AdvisoryError('index_invalid', 'the bundled advisory facts are missing', { cause, hint });
    }
    return new BundledFactStore(directory, bytes);
  }

  private constructor(directory: string, manifest: Buffer) {
    const { createdAt, parts } = manifestOf(manifest);
    this.#directory = directory;
    this.#parts = parts;
    this.#partOf = new Map(
      parts.flatMap(({ ecosystems }, number) => ecosystems.map((name) => [name, number] as const)),
    );
    this.snapshot = {
      // The manifest names the bytes of all parts.
      id: snapshotId(`sha256:${createHash('sha256').update(manifest).digest('hex')}`),
      createdAt,
      origin: 'bundled',
      sources: parts.map(({ id, records, modified, bulk }) => ({ id, records, modified, bulk })),
    };
  }

  covers(ecosystem: string): boolean {
    return this.#partOf.has(ecosystem);
  }

  facts(ecosystem: string, name: string): readonly PackageFact[] {
    const number = this.#partOf.get(ecosystem);
    if (number === undefined) return [];
    const key = `${ecosystem}\0${name}`;
    let facts = this.#facts.get(key);
    if (facts === undefined) {
      facts = this.#part(number).facts(ecosystem, name);
      this.#facts.set(key, facts);
    }
    return facts;
  }

  record(number: number): RecordFacts {
    return this.#part(Math.floor(number / recordsOfPart)).record(number);
  }

  /** Only what says more of a record that was read before: matching asks for nothing else. */
  recordsOf(id: string): readonly RecordFacts[] {
    return this.#lent.get(id) ?? [];
  }

  exploited(): boolean {
    return false;
  }

  epss(): ReadonlyMap<string, EpssScore> {
    return new Map();
  }

  [Symbol.dispose](): void {
    this.#unpacked.clear();
  }

  #part(number: number): UnpackedPart {
    const known = this.#unpacked.get(number);
    if (known !== undefined) return known;
    const described = this.#parts[number];
    if (described === undefined) throw damaged(new RangeError('no such part'));
    const part = new UnpackedPart(this.#directory, described, number * recordsOfPart, this.#lent);
    this.#unpacked.set(number, part);
    return part;
  }
}

function manifestOf(bytes: Buffer): BundleManifest {
  try {
    const manifest = JSON.parse(bytes.toString('utf8')) as BundleManifest;
    if (manifest.format !== 3 || !Array.isArray(manifest.parts)) throw new TypeError('unknown format');
    return manifest;
  } catch (cause) {
    throw damaged(cause);
  }
}
