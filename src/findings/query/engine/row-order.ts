import { compareText } from '../../../kernel/index.ts';
import type { Sort } from '../contract.ts';
import { QueryError } from '../errors.ts';
import type { Snapshot } from '../estate/snapshot.ts';
import type { Permutation, SortKey } from './orders.ts';
import { imageRank } from './orders.ts';

/** A row: an image and the match that stands for it (at the grain `record` the first in the order). Slots. */
export interface Row {
  readonly image: number;
  readonly match: number;
}

/** A place between two rows that outlives the snapshot: keys and ids, no slots. */
export interface RowPosition {
  readonly by: Sort['by'];
  readonly descending: boolean;
  /** Key of the order of matches in use. */
  readonly key: SortKey;
  readonly vulnerability: number;
  readonly package: number;
  readonly image: number;
  /** Path and tag, or time, where these decide first; else null. */
  readonly first: SortKey | null;
}

/** Writes a position as opaque text. */
export function formatPosition(position: RowPosition): string {
  const { by, descending, key, vulnerability, package: pkg, image, first } = position;
  return Buffer.from(JSON.stringify([by, descending, key, vulnerability, pkg, image, first])).toString('base64url');
}

/** Reads what `formatPosition` wrote, for the same order. @throws QueryError `bad_cursor` */
export function parsePosition(text: string, sort: Sort): RowPosition {
  const wrong = new QueryError('bad_cursor', 'this position belongs to no list in this order', {
    hint: 'Begin again with the first page.',
  });
  if (text.length > 8192) throw wrong;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw wrong;
  }
  if (!Array.isArray(value) || value.length !== 7) throw wrong;
  const [by, descending, key, vulnerability, pkg, image, first] = value as unknown[];
  const isKey = (part: unknown): part is SortKey => typeof part === 'string' || Number.isFinite(part);
  const isId = (part: unknown): part is number => Number.isSafeInteger(part);
  if (by !== sort.by || descending !== sort.descending) throw wrong;
  if (!isKey(key) || !isId(vulnerability) || !isId(pkg) || !isId(image) || (first !== null && !isKey(first)))
    throw wrong;
  return { by: sort.by, descending: sort.descending, key, vulnerability, package: pkg, image, first };
}

/**
 * The order of rows of one snapshot: by match and then image, or by image and then match (`image`, `id`), or by time.
 * Ties are broken by ids, so every two rows differ.
 */
export class RowOrdering {
  readonly sort: Sort;
  readonly permutation: Permutation;
  readonly #snapshot: Snapshot;
  readonly #sign: number;

  /** @param permutation the order by `sort.by` where it is one of matches, else by `worst` */
  constructor(snapshot: Snapshot, sort: Sort, permutation: Permutation) {
    this.sort = sort;
    this.permutation = permutation;
    this.#snapshot = snapshot;
    this.#sign = sort.descending ? -1 : 1;
  }

  /** ms since when the image has the finding. */
  firstSeen(row: Row): number {
    const { images, contents, matches } = this.#snapshot;
    const scanned = contents.firstScannedAt[images.content[row.image] as number] as number;
    return Math.max(scanned, matches.openedAt[row.match] as number);
  }

  /** Position of an image where images decide first, after the direction. */
  imagePosition(image: number): number {
    const rank = this.sort.by === 'image' ? (imageRank(this.#snapshot.images)[image] as number) : image;
    return this.sort.descending ? this.#snapshot.images.count - 1 - rank : rank;
  }

  /** Where two images decide first. */
  #first(row: Row): SortKey | null {
    const { images } = this.#snapshot;
    if (this.sort.by === 'firstSeen') return this.firstSeen(row);
    if (this.sort.by !== 'image') return null;
    const path = images.repositories[images.repository[row.image] as number]?.path;
    return `${path}\n${images.rows.text('tag', row.image) ?? ''}`;
  }

  positionOf(row: Row): RowPosition {
    const { images, matches } = this.#snapshot;
    return {
      ...this.sort,
      key: this.permutation.order.key(row.match),
      vulnerability: matches.vulnerabilities[matches.vulnerability[row.match] as number]?.id ?? 0,
      package: matches.packages[matches.package[row.match] as number]?.id ?? 0,
      image: images.rows.id(row.image),
      first: this.#first(row),
    };
  }

  /** Negative when the row stands before the position, 0 when it is the row there. */
  compareWith(row: Row, position: RowPosition): number {
    const image = this.#snapshot.images.rows.id(row.image) - position.image;
    const match = this.permutation.order.compareWith(row.match, position.key, position.vulnerability, position.package);
    if (this.sort.by === 'id') return image * this.#sign || match;
    if (this.sort.by === 'image') return this.#compareImage(row, position) || match;
    if (this.sort.by === 'firstSeen') {
      const time = this.firstSeen(row) - Number(position.first);
      return time * this.#sign || match || image;
    }
    return match || image;
  }

  #compareImage(row: Row, position: RowPosition): number {
    const [path, tag] = String(this.#first(row)).split('\n') as [string, string];
    const [otherPath, otherTag] = String(position.first).split('\n') as [string, string | undefined];
    const image = this.#snapshot.images.rows.id(row.image) - position.image;
    const texts = compareText(path, otherPath) || compareText(tag, otherTag ?? '');
    return (texts || image) * this.#sign;
  }
}
