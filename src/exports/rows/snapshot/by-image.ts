import { compareText } from '../../../kernel/index.ts';
import type { ExportPlace, ExportSubject } from '../contract.ts';
import type { SnapshotPosition } from './contract.ts';
import type { PinnedBlock, SnapshotReader } from './read.ts';

interface ImageRows {
  /** Repository, tag and uuid. */
  readonly name: string;
  readonly frames: { readonly offset: number; readonly length: number }[];
}

/**
 * The rows of a snapshot image after image by repository, tag and uuid, and inside by vulnerability, package and path, all
 * compared by code units. One block an image. Only for snapshots whose feed keeps images together.
 * @throws ExportError `snapshot_damaged`
 */
export function* blocksByImage(
  reader: SnapshotReader,
  from: SnapshotPosition | null,
  descending: boolean,
): Generator<PinnedBlock> {
  const images = imagesOf(reader);
  images.sort((a, b) => compareText(a.name, b.name) * (descending ? -1 : 1));
  const order = new RowOrder(reader);
  // Positions name the first frame of an image.
  const start = from === null ? 0 : images.findIndex(({ frames }) => frames[0]?.offset === from.offset);
  for (const { frames } of images.slice(Math.max(start, 0))) {
    yield order.sorted(frames.map(({ offset, length }) => reader.block(offset, length)));
  }
}

function imagesOf(reader: SnapshotReader): ImageRows[] {
  const byNumber = new Map<number, ImageRows>();
  for (const frame of reader.frames()) {
    const number = reader.firstImage(frame.offset, frame.length);
    const known = byNumber.get(number);
    if (known !== undefined) {
      known.frames.push(frame);
      continue;
    }
    const { repository, tag, uuid } = reader.image(number);
    byNumber.set(number, { name: `${repository}\u0000${tag ?? ''}\u0000${uuid}`, frames: [frame] });
  }
  return [...byNumber.values()];
}

/** Puts the rows of an image in order. Names of facts are remembered: most come again in the next image. */
class RowOrder {
  readonly #reader: SnapshotReader;
  readonly #subjects = new Map<number, string>();
  readonly #places = new Map<number, string>();

  constructor(reader: SnapshotReader) {
    this.#reader = reader;
  }

  sorted(blocks: readonly PinnedBlock[]): PinnedBlock {
    const image = blocks.flatMap((block) => block.image);
    const subject = blocks.flatMap((block) => block.subject);
    const place = blocks.flatMap((block) => block.place);
    const firstSeen = blocks.flatMap((block) => block.firstSeen);
    const names = subject.map((number) => this.#subject(number));
    const order = names.map((_, row) => row);
    order.sort(
      (a, b) =>
        compareText(names[a] ?? '', names[b] ?? '') ||
        compareText(this.#place(place[a] ?? -1), this.#place(place[b] ?? -1)) ||
        a - b,
    );
    const inOrder = (values: readonly number[]): number[] => order.map((row) => values[row] ?? -1);
    return {
      offset: blocks[0]?.offset ?? 0,
      count: order.length,
      image,
      subject: inOrder(subject),
      place: inOrder(place),
      firstSeen: inOrder(firstSeen),
    };
  }

  #subject(number: number): string {
    return remembered(this.#subjects, number, () => subjectName(this.#reader.subject(number)));
  }

  #place(number: number): string {
    return remembered(this.#places, number, () => placeName(this.#reader.place(number)));
  }
}

/** Names that are remembered; beyond it they are read again, which costs time and nothing else. */
const maxNames = 500_000;

function remembered(names: Map<number, string>, number: number, make: () => string): string {
  const known = names.get(number);
  if (known !== undefined) return known;
  const made = number < 0 ? '' : make();
  if (names.size >= maxNames) names.clear();
  names.set(number, made);
  return made;
}

function subjectName({ key, packages }: ExportSubject): string {
  return `${key}\u0000${packages.map(({ name, version }) => `${name} ${version}`).join('\u0000')}`;
}

function placeName({ paths }: ExportPlace): string {
  return paths.join('\u0000');
}
