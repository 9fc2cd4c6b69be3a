import type { ImageRow, RepositoryRecord } from '../../../inventory/index.ts';
import { DigestColumn, hashOf, NumberColumn, TextColumn, UuidColumn } from './columns.ts';

const numbers = ['size', 'createdAt', 'until', 'scannedAt', 'fixedFromId'] as const;
const certain = ['id', 'seq', 'repositoryId', 'manifestId', 'since'] as const;
const texts = [
  'tag',
  'os',
  'arch',
  'variant',
  'scanState',
  'scanCode',
  'scanMessage',
  'osId',
  'osVersion',
  'osName',
] as const;
const digests = ['digest', 'indexDigest', 'configDigest'] as const;

/** Fields of an image row by the kind of their column. */
export type ImageNumber = (typeof numbers)[number] | (typeof certain)[number];
export type ImageText = (typeof texts)[number];
export type ImageDigest = (typeof digests)[number];

type Columns<K extends string, C> = Readonly<Record<K, C>>;

function columnsOf<K extends string, C>(names: readonly K[], make: () => C): Columns<K, C> {
  return Object.fromEntries(names.map((name) => [name, make()])) as Columns<K, C>;
}

/**
 * Image rows as columns. What is written stays: a row that changes is added again, so snapshots share one table and each
 * knows where its rows stand.
 */
export class ImageTable {
  readonly numbers: Columns<ImageNumber, NumberColumn> = columnsOf([...numbers, ...certain], () => new NumberColumn());
  readonly texts: Columns<ImageText, TextColumn> = columnsOf(texts, () => new TextColumn());
  readonly digests: Columns<ImageDigest, DigestColumn> = columnsOf(digests, () => new DigestColumn());
  readonly uuid = new UuidColumn();
  readonly #immutable = new NumberColumn();
  /** Rows written. */
  count = 0;

  /** Writes a row; its place. */
  add(row: Omit<ImageRow, 'registryId' | 'projectId'>): number {
    const at = this.count++;
    for (const name of numbers) this.numbers[name].set(at, row[name]);
    for (const name of certain) this.numbers[name].set(at, row[name]);
    for (const name of texts) this.texts[name].set(at, row[name]);
    for (const name of digests) this.digests[name].set(at, row[name]);
    this.uuid.set(at, row.uuid);
    this.#immutable.set(at, row.tagImmutable ? 1 : 0);
    return at;
  }

  /** The row at a place as an object; registry and project are those of its repository. */
  row(at: number): Omit<ImageRow, 'registryId' | 'projectId'> {
    const number = (name: ImageNumber) => this.numbers[name].get(at);
    const text = (name: ImageText) => this.texts[name].get(at);
    const digest = (name: ImageDigest) => this.digests[name].get(at) as ImageRow[typeof name];
    return {
      id: this.numbers.id.known(at),
      seq: this.numbers.seq.known(at),
      uuid: this.uuid.get(at),
      repositoryId: this.numbers.repositoryId.known(at),
      tag: text('tag'),
      tagImmutable: this.#immutable.known(at) === 1,
      manifestId: this.numbers.manifestId.known(at),
      digest: digest('digest') as ImageRow['digest'],
      indexDigest: digest('indexDigest'),
      configDigest: digest('configDigest'),
      os: text('os'),
      arch: text('arch'),
      variant: text('variant'),
      size: number('size'),
      createdAt: number('createdAt'),
      since: this.numbers.since.known(at),
      until: number('until'),
      scanState: text('scanState') as ImageRow['scanState'],
      scanCode: text('scanCode'),
      scanMessage: text('scanMessage'),
      scannedAt: number('scannedAt'),
      osId: text('osId'),
      osVersion: text('osVersion'),
      osName: text('osName'),
      fixedFromId: number('fixedFromId'),
    };
  }
}

/** The image rows of one snapshot by slot, in rising order of their ids. Objects are made when asked for. */
export class ImageRows {
  readonly #table: ImageTable;
  readonly #places: Int32Array;
  readonly #repositoryOf: (slot: number) => RepositoryRecord;

  constructor(table: ImageTable, places: Int32Array, repositoryOf: (slot: number) => RepositoryRecord) {
    this.#table = table;
    this.#places = places;
    this.#repositoryOf = repositoryOf;
  }

  get length(): number {
    return this.#places.length;
  }

  /** The whole row; undefined for a slot that does not exist. */
  at(slot: number): ImageRow | undefined {
    const place = this.#places[slot];
    if (place === undefined) return undefined;
    const { registryId, projectId } = this.#repositoryOf(slot);
    return { ...this.#table.row(place), registryId, projectId };
  }

  /** 0 for a slot that does not exist. */
  id(slot: number): number {
    const place = this.#places[slot];
    return place === undefined ? 0 : this.#table.numbers.id.known(place);
  }

  uuid(slot: number): string {
    return this.#table.uuid.get(this.#places[slot] as number);
  }

  number(name: ImageNumber, slot: number): number | null {
    return this.#table.numbers[name].get(this.#places[slot] as number);
  }

  text(name: ImageText, slot: number): string | null {
    return this.#table.texts[name].get(this.#places[slot] as number);
  }

  /** Number of a text: equal for equal texts, -1 for null. */
  textNumber(name: ImageText, slot: number): number {
    return this.#table.texts[name].number(this.#places[slot] as number);
  }

  digest(name: ImageDigest, slot: number): string | null {
    return this.#table.digests[name].get(this.#places[slot] as number);
  }

  /** A test for digests that makes texts only of those that may be in the set. */
  digestIn(name: ImageDigest, wanted: ReadonlySet<string>): (slot: number) => boolean {
    const column = this.#table.digests[name];
    const hashes = new Set([...wanted].map(hashOf));
    return (slot) => {
      const place = this.#places[slot] as number;
      return hashes.has(column.hash(place)) && wanted.has(column.get(place) ?? '');
    };
  }

  /** Finds slots by uuid. */
  lookup(): (uuid: string) => number | undefined {
    return this.#table.uuid.lookup(this.#places);
  }
}
