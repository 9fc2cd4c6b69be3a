import { type JsonValue, parseJson } from '../../kernel/index.ts';
import { AdvisoryError } from '../errors.ts';

/** Limits of a document that is read member by member. */
export interface MemberLimits {
  readonly totalBytes: number;
  readonly memberBytes: number;
  readonly maxDepth: number;
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const openings: ReadonlySet<number> = new Set([openBrace, 0x5b]);
const closings: ReadonlySet<number> = new Set([0x7d, 0x5d]);

/**
 * Reads a large JSON object member by member: `[name, value]`, in the order of the document. Memory is bounded by the
 * largest member. What stands after the object is not looked at.
 * @throws AdvisoryError `feed_invalid`, `feed_too_large`; JsonError for a member that is no JSON
 */
export async function* jsonMembers(
  chunks: AsyncIterable<Uint8Array>,
  limits: MemberLimits,
): AsyncGenerator<readonly [name: string, value: JsonValue]> {
  const splitter = new MemberSplitter(limits);
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > limits.totalBytes) throw new AdvisoryError('feed_too_large', `more than ${limits.totalBytes} bytes`);
    for (const member of splitter.push(chunk)) yield memberOf(member, limits);
    if (splitter.done) return;
  }
  throw new AdvisoryError('feed_invalid', 'the document ends in the middle');
}

/** A member as a document of its own: `"name": value` between braces. */
function memberOf(bytes: Buffer, { memberBytes, maxDepth }: MemberLimits): readonly [string, JsonValue] {
  const text = Buffer.concat([Buffer.from('{'), bytes, Buffer.from('}')]);
  const object = parseJson(text, { maxBytes: memberBytes + 2, maxDepth: maxDepth + 1 });
  const [entry] = Object.entries(object as Readonly<Record<string, JsonValue>>);
  if (entry === undefined) throw new AdvisoryError('feed_invalid', 'a comma without a member');
  return entry;
}

/** Cuts the bytes of an object at the commas of its first level; what is between them is checked by the parser. */
class MemberSplitter {
  done = false;
  readonly #limits: MemberLimits;
  #depth = 0;
  #inText = false;
  #escaped = false;
  #parts: Uint8Array[] = [];
  #size = 0;

  constructor(limits: MemberLimits) {
    this.#limits = limits;
  }

  /** Members that end within the chunk. */
  push(chunk: Uint8Array): Buffer[] {
    const members: Buffer[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length && !this.done; at++) {
      const byte = chunk[at] as number;
      if (this.#inText) this.#text(byte);
      else if (byte === quote) this.#inText = true;
      else if (openings.has(byte)) {
        if (this.#depth === 0 && byte !== openBrace) throw new AdvisoryError('feed_invalid', 'not a JSON object');
        if (this.#depth++ === 0) start = at + 1;
      } else if (closings.has(byte) || (byte === 0x2c && this.#depth === 1)) {
        if (byte !== 0x2c) this.#depth--;
        if (byte === 0x2c || this.#depth === 0) {
          members.push(...this.#cut(chunk.subarray(start, at), byte !== 0x2c));
          start = at + 1;
        }
      } else if (this.#depth === 0 && byte > 0x20) throw new AdvisoryError('feed_invalid', 'not a JSON object');
    }
    if (!this.done && this.#depth > 0) this.#keep(chunk.subarray(start));
    return members;
  }

  #text(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === backslash) this.#escaped = true;
    else if (byte === quote) this.#inText = false;
  }

  #cut(bytes: Uint8Array, last: boolean): Buffer[] {
    this.#keep(bytes);
    const member = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#size = 0;
    this.done = last;
    return last && isBlank(member) ? [] : [member];
  }

  #keep(bytes: Uint8Array): void {
    this.#size += bytes.length;
    const { memberBytes } = this.#limits;
    if (this.#size > memberBytes)
      throw new AdvisoryError('feed_too_large', `one entry of more than ${memberBytes} bytes`);
    this.#parts.push(bytes);
  }
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09);
}
