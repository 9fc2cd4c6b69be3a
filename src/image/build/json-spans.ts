/** Where a value of a JSON document lies: bytes from `start` to before `end`, without surrounding white space. */
export interface JsonSpan {
  readonly kind: 'object' | 'array' | 'string' | 'other';
  readonly start: number;
  readonly end: number;
  /** Of an object, in file order, duplicates included. */
  readonly members?: readonly JsonMember[];
  /** Of an array. */
  readonly items?: readonly JsonSpan[];
}

/** A member of an object: the decoded key, and the range from the key's quote to the value's end. */
export interface JsonMember {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly value: JsonSpan;
}

interface Open {
  readonly kind: 'object' | 'array';
  readonly start: number;
  readonly members: JsonMember[];
  readonly items: JsonSpan[];
  key: { text: string; start: number } | undefined;
}

const [quote, backslash, comma, colon] = Buffer.from('"\\,:') as unknown as [number, number, number, number];
const [openBrace, closeBrace, openBracket, closeBracket] = Buffer.from('{}[]') as unknown as [
  number,
  number,
  number,
  number,
];

/**
 * Finds the ranges of all values, without recursion.
 * @param bytes a document that a JSON parser has accepted; nothing is checked here
 */
export function scanSpans(bytes: Buffer): JsonSpan {
  const stack: Open[] = [];
  let at = skipSpace(bytes, 0);
  for (;;) {
    const byte = bytes[at];
    let done: JsonSpan;
    if (byte === openBrace || byte === openBracket) {
      stack.push({ kind: byte === openBrace ? 'object' : 'array', start: at, members: [], items: [], key: undefined });
      at = skipSpace(bytes, at + 1);
      continue;
    }
    const top = stack.at(-1);
    if (byte === closeBrace || byte === closeBracket) {
      stack.pop();
      done = close(top as Open, ++at);
    } else {
      const end = byte === quote ? stringEnd(bytes, at) : scalarEnd(bytes, at);
      if (top?.kind === 'object' && top.key === undefined) {
        top.key = { text: JSON.parse(bytes.toString('utf8', at, end)) as string, start: at };
        // Behind the key: space, a colon, space.
        at = skipSpace(bytes, skipSpace(bytes, end) + 1);
        continue;
      }
      done = { kind: byte === quote ? 'string' : 'other', start: at, end };
      at = end;
    }
    const parent = stack.at(-1);
    if (parent === undefined) return done;
    attach(parent, done);
    at = skipSpace(bytes, at);
    if (bytes[at] === comma) at = skipSpace(bytes, at + 1);
  }
}

function close(open: Open, end: number): JsonSpan {
  const { kind, start, members, items } = open;
  return kind === 'object' ? { kind, start, end, members } : { kind, start, end, items };
}

function attach(parent: Open, value: JsonSpan): void {
  if (parent.kind === 'array') parent.items.push(value);
  else if (parent.key !== undefined) {
    parent.members.push({ key: parent.key.text, start: parent.key.start, end: value.end, value });
    parent.key = undefined;
  }
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
  return at;
}

function stringEnd(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at + 1;
}

function scalarEnd(bytes: Buffer, start: number): number {
  let at = start;
  for (; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte <= 0x20 || byte === comma || byte === colon || byte === closeBrace || byte === closeBracket) break;
  }
  return at;
}
