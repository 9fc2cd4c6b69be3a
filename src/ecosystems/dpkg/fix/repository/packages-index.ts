import { createHash } from 'node:crypto';
import { RepositoryError } from './errors.ts';

/**
 * The stanzas of one `Packages` file, reduced to what planning needs and addressable by name. Kept as one buffer of
 * records, because a distribution has 60 000 packages of which a fix looks at a few hundred.
 *
 * Layout of the buffer: magic (8 bytes), SHA-256 of the rest (32), then records: u32 length of the record after this
 * field, u16 length of the name, u32 length of `Provides`, name, `Provides`, kept lines. Little-endian, UTF-8.
 */
export interface PackagesIndex {
  /** Kept lines of every stanza of this name, in file order. */
  stanzas(name: string): readonly string[];
  /** Names of packages whose `Provides` mentions the name; their stanzas tell whether it really does. */
  providers(name: string): readonly string[];
  /** Number of stanzas. */
  readonly size: number;
}

const magic = Buffer.from('ddpkgs1\n', 'latin1');
const headerBytes = magic.length + 32;
const recordHeader = 10;
const maxStanza = 1024 * 1024;
const maxProvides = 512 * 1024;
/** More than any unpacked index may have; only what is used of it takes memory. */
const maxIndex = 1024 * 1024 * 1024;
const growth = 4 * 1024 * 1024;

const keptFields = new Set(
  (
    'package version architecture source depends pre-depends breaks conflicts provides multi-arch essential protected ' +
    'filename size sha256 installed-size'
  ).split(' '),
);

/**
 * Reads an uncompressed `Packages` file of any size and builds the buffer of an index.
 * @throws RepositoryError `metadata_untrusted` when a stanza is larger than 1 MiB.
 */
export async function buildPackagesIndex(text: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const builder = new IndexBuilder();
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of text) {
    const data =
      rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([rest, chunk]);
    const end = data.lastIndexOf('\n\n');
    if (end === -1) {
      rest = Buffer.from(data);
    } else {
      builder.addAll(data.subarray(0, end + 1));
      rest = Buffer.from(data.subarray(end + 2));
    }
    if (rest.length > maxStanza) {
      throw new RepositoryError('metadata_untrusted', `a package index holds a stanza larger than ${maxStanza} bytes`);
    }
  }
  builder.addAll(rest);
  return builder.finish();
}

/** Opens a buffer of `buildPackagesIndex`; undefined when it is damaged or of another version of this format. */
export function openPackagesIndex(buffer: Buffer): PackagesIndex | undefined {
  if (buffer.length < headerBytes || !buffer.subarray(0, magic.length).equals(magic)) return undefined;
  const body = buffer.subarray(headerBytes);
  const sum = createHash('sha256').update(body).digest();
  if (!sum.equals(buffer.subarray(magic.length, headerBytes))) return undefined;

  const records = new Map<string, number[]>();
  let size = 0;
  for (let at = 0; at < body.length; at += 4 + body.readUInt32LE(at)) {
    const start = at + recordHeader;
    const name = body.toString('latin1', start, start + body.readUInt16LE(at + 4));
    const known = records.get(name);
    if (known === undefined) records.set(name, [at]);
    else known.push(at);
    size++;
  }
  let virtual: Map<string, string[]> | undefined;
  return {
    size,
    stanzas: (name) => (records.get(name) ?? []).map((at) => keptLines(body, at)),
    providers(name) {
      virtual ??= virtualNames(body, records);
      return virtual.get(name) ?? [];
    },
  };
}

function keptLines(body: Buffer, at: number): string {
  const start = at + recordHeader + body.readUInt16LE(at + 4) + body.readUInt32LE(at + 6);
  return body.toString('utf8', start, at + 4 + body.readUInt32LE(at));
}

function virtualNames(body: Buffer, records: ReadonlyMap<string, readonly number[]>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [name, offsets] of records) {
    for (const at of offsets) {
      const length = body.readUInt32LE(at + 6);
      if (length === 0) continue;
      const start = at + recordHeader + body.readUInt16LE(at + 4);
      for (const item of body.toString('latin1', start, start + length).split(',')) {
        const text = item.trim();
        const blank = text.search(/[ (:]/);
        const provided = blank === -1 ? text : text.slice(0, blank);
        const list = found.get(provided);
        if (list === undefined) found.set(provided, [name]);
        else if (list.at(-1) !== name) list.push(name);
      }
    }
  }
  return found;
}

/** Collects records in one growing buffer; works on bytes because it sees every byte of a large file. */
class IndexBuilder {
  /** Grows in place: with a copy for every doubling, an index of 30 MB took 70 MB more at its peak. */
  readonly #bytes = new ArrayBuffer(growth, { maxByteLength: maxIndex });
  readonly #out = Buffer.from(this.#bytes);
  #used = headerBytes;
  readonly #known = new Map<string, string>();

  addAll(data: Buffer): void {
    const kept: number[] = [];
    let name: [number, number] = [0, 0];
    let provides: [number, number] = [0, 0];
    let keeping = false;
    for (let at = 0; at < data.length; ) {
      const found = data.indexOf(10, at);
      const stop = found === -1 ? data.length : found;
      const first = data[at];
      if (stop === at) {
        this.#add(data, kept, name, provides);
        kept.length = 0;
        name = [0, 0];
        provides = [0, 0];
        keeping = false;
      } else if (first === 32 || first === 9) {
        if (keeping) kept[kept.length - 1] = stop;
      } else {
        const colon = data.indexOf(58, at);
        const field =
          colon > at && colon < stop && colon - at <= 32 ? this.#field(data.toString('latin1', at, colon)) : '';
        keeping = field !== '';
        if (keeping) extend(kept, at, stop);
        if (field === 'package') name = [colon + 1, stop];
        if (field === 'provides') provides = [colon + 1, stop];
      }
      at = stop + 1;
    }
    this.#add(data, kept, name, provides);
  }

  finish(): Buffer {
    magic.copy(this.#out, 0);
    createHash('sha256').update(this.#out.subarray(headerBytes, this.#used)).digest().copy(this.#out, magic.length);
    this.#bytes.resize(this.#used);
    return this.#out;
  }

  /** Lower-case name of a kept field, else the empty text; remembered because every line asks. */
  #field(name: string): string {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const lower = name.toLowerCase();
    const field = keptFields.has(lower) ? lower : '';
    if (this.#known.size < 1000) this.#known.set(name, field);
    return field;
  }

  #add(data: Buffer, kept: readonly number[], nameRange: [number, number], provides: [number, number]): void {
    const name = data.toString('latin1', nameRange[0], nameRange[1]).trim();
    const provided = provides[1] - provides[0];
    if (name === '' || name.length > 255 || provided > maxProvides) return;
    const start = this.#used;
    this.#reserve(recordHeader + name.length + provided + data.length);
    const out = this.#out;
    out.writeUInt16LE(name.length, start + 4);
    out.writeUInt32LE(provided, start + 6);
    this.#used += recordHeader;
    this.#used += out.write(name, this.#used, 'latin1');
    this.#used += data.copy(out, this.#used, provides[0], provides[1]);
    for (let i = 0; i + 1 < kept.length; i += 2) {
      this.#used += data.copy(out, this.#used, kept[i], kept[i + 1]);
      out[this.#used++] = 10;
    }
    out.writeUInt32LE(this.#used - start - 4, start);
  }

  #reserve(bytes: number): void {
    const needed = this.#used + bytes;
    if (needed <= this.#bytes.byteLength) return;
    if (needed > maxIndex) {
      throw new RepositoryError('limit_exceeded', `a package index needs more than ${maxIndex} bytes`);
    }
    this.#bytes.resize(Math.min(maxIndex, needed + growth));
  }
}

/** Ranges of neighbouring kept lines become one range, so that copying takes few calls. */
function extend(ranges: number[], start: number, stop: number): void {
  if (ranges.length > 0 && ranges[ranges.length - 1] === start - 1) ranges[ranges.length - 1] = stop;
  else ranges.push(start, stop);
}
