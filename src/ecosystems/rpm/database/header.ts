import { decodeName } from '../../../image/index.ts';
import { absentNone, type RpmRecord } from './record.ts';

/** Limits of one package header. */
export const headerLimits = {
  /** Largest number of entries of a header; rpm's own limit. */
  entries: 65_535,
  /** Longest text of an entry that is not a list. */
  textBytes: 4096,
};

const tags = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  vendor: 1011,
  arch: 1022,
  sourceRpm: 1044,
  fileDigests: 1035,
  fileFlags: 1037,
  directoryIndexes: 1116,
  baseNames: 1117,
  directoryNames: 1118,
  module: 5096,
} as const;
const wanted: ReadonlySet<number> = new Set(Object.values(tags));

/** Types of entries. */
const [int32, string, stringArray, i18nString] = [4, 6, 8, 9] as const;

/** Flags of files: configuration (1) and ghosts (64), which are not what the package brought. */
const notPayload = 1 | 64;
/** Directories of programs and of authentication modules, whose digests are kept. */
const programs = /\/(s?bin|libexec|security|openssh)\/$/;

interface Entry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

/**
 * Reads one header as databases hold it: number of entries, bytes of data, entries of 16 bytes, data.
 * @returns undefined when the counts do not fit the blob or it has no name.
 */
export function parseHeader(blob: Buffer): RpmRecord | undefined {
  if (blob.length < 8) return undefined;
  const count = blob.readUInt32BE(0);
  const start = 8 + count * 16;
  if (count > headerLimits.entries || start + blob.readUInt32BE(4) > blob.length) return undefined;
  const data = blob.subarray(start, start + blob.readUInt32BE(4));
  const entries = new Map<number, Entry>();
  for (let at = 8; at < start; at += 16) {
    const tag = blob.readUInt32BE(at);
    if (!wanted.has(tag)) continue;
    // Entries behind the signed region take the place of those in it: the last one counts.
    entries.set(tag, {
      type: blob.readUInt32BE(at + 4),
      offset: blob.readUInt32BE(at + 8),
      count: blob.readUInt32BE(at + 12),
    });
  }
  const reader = new Reader(entries, data);
  const record = {
    name: reader.text(tags.name),
    version: reader.text(tags.version),
    release: reader.text(tags.release),
    epoch: reader.number(tags.epoch),
    arch: reader.text(tags.arch),
    vendor: reader.text(tags.vendor),
    sourceRpm: reader.text(tags.sourceRpm),
    module: reader.text(tags.module),
    files: reader.files(),
  };
  const programs = reader.programs();
  return record.name === '' && !reader.oversized
    ? undefined
    : { ...record, ...(programs.length > 0 && { programs }), ...(reader.oversized && { oversized: true }) };
}

class Reader {
  oversized = false;
  readonly #entries: ReadonlyMap<number, Entry>;
  readonly #data: Buffer;

  constructor(entries: ReadonlyMap<number, Entry>, data: Buffer) {
    this.#entries = entries;
    this.#data = data;
  }

  /** A text; of translated ones the first. */
  text(tag: number): string {
    const entry = this.#entries.get(tag);
    if (entry === undefined || (entry.type !== string && entry.type !== i18nString)) return '';
    const end = this.#data.indexOf(0, entry.offset);
    if (entry.offset >= this.#data.length || end < 0) return '';
    if (end - entry.offset > headerLimits.textBytes) {
      this.oversized = true;
      return '';
    }
    return absentNone(this.#data.toString('utf8', entry.offset, end));
  }

  number(tag: number): string {
    const entry = this.#entries.get(tag);
    if (entry?.type !== int32 || entry.count === 0 || entry.offset + 4 > this.#data.length) return '';
    return String(this.#data.readUInt32BE(entry.offset));
  }

  /** Files by directory. Names without directory, of forged headers, are left out. */
  files(): string[] {
    const names = this.#texts(tags.baseNames);
    const directories = this.#texts(tags.directoryNames);
    const indexes = this.#entries.get(tags.directoryIndexes);
    if (indexes?.type !== int32) return [];
    const byDirectory = new Map<number, string[]>();
    for (const [position, name] of names.entries()) {
      const at = indexes.offset + position * 4;
      if (at + 4 > this.#data.length) break;
      const index = this.#data.readUInt32BE(at);
      const known = byDirectory.get(index);
      if (known === undefined) byDirectory.set(index, [name]);
      else known.push(name);
    }
    return [...byDirectory].flatMap(([index, list]) => {
      const directory = directories[index];
      return directory === undefined ? [] : [directory, list.join('/')];
    });
  }

  /** Digests of programs, and of the modules that decide about logins; others are not kept. */
  programs(): string[] {
    const digests = this.#texts(tags.fileDigests);
    if (digests.length === 0) return [];
    const directories = this.#texts(tags.directoryNames);
    const [index, flags] = [this.#numbers(tags.directoryIndexes), this.#numbers(tags.fileFlags)];
    return this.#texts(tags.baseNames).flatMap((name, position) => {
      const directory = directories[index(position) ?? -1] ?? '';
      const digest = digests[position] ?? '';
      const isPayload = ((flags(position) ?? 0) & notPayload) === 0;
      const kept = isPayload && programs.test(directory) && /^([0-9a-f]{32}|[0-9a-f]{64})$/.test(digest);
      return kept ? [`${digest} ${directory}${name}`] : [];
    });
  }

  /** A list of numbers by position. */
  #numbers(tag: number): (position: number) => number | undefined {
    const entry = this.#entries.get(tag);
    return (position) => {
      if (entry?.type !== int32 || position >= entry.count) return undefined;
      const at = entry.offset + position * 4;
      return at + 4 <= this.#data.length ? this.#data.readUInt32BE(at) : undefined;
    };
  }

  /** A list of texts; shorter when its data ends before its count. */
  #texts(tag: number): string[] {
    const entry = this.#entries.get(tag);
    if (entry?.type !== stringArray && entry?.type !== string) return [];
    const data = this.#data;
    let end = entry.offset;
    for (let count = 0; count < entry.count && end < data.length; count++) {
      const zero = data.indexOf(0, end);
      if (zero < 0) break;
      end = zero + 1;
    }
    if (end <= entry.offset) return [];
    return decodeName(data.subarray(entry.offset, end - 1)).split('\0');
  }
}
