import { isJsonObject, JsonError, type JsonLimits, type JsonObject, type JsonValue } from '../../../kernel/index.ts';

/** Bytes of a JSON parameter, unless an operation says otherwise. */
export const maxJsonBytes = 1024 * 1024;

/** Nesting of a JSON parameter. */
export const maxJsonDepth = 8;

const blanks = /[ \t\r\n]*/y;
const numeral = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// Control characters must be escaped in JSON.
const plainText = /[^"\\\u0000-\u001f]*/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * Parses JSON of a caller: keys that stand twice in an object, numbers that a double does not hold exactly and nesting
 * beyond the limit are refused. Objects have no prototype.
 * @throws JsonError
 */
export function parseStrictJson(
  text: string,
  limits: JsonLimits = { maxBytes: maxJsonBytes, maxDepth: maxJsonDepth },
): JsonValue {
  if (Buffer.byteLength(text) > limits.maxBytes) throw new JsonError('json_too_large', 'the document is too large');
  return new Reader(text, limits.maxDepth).document();
}

/** A position in a text; every method leaves it behind what it read. */
class Reader {
  readonly #text: string;
  readonly #maxDepth: number;
  #at = 0;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  document(): JsonValue {
    const result = this.#value(0);
    this.#skip(blanks);
    return this.#at === this.#text.length ? result : fail();
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #take(character: string): boolean {
    this.#skip(blanks);
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #value(depth: number): JsonValue {
    this.#skip(blanks);
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(this.#deeper(depth));
      case '[':
        return this.#list(this.#deeper(depth));
      case '"':
        return this.#quoted();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #deeper(depth: number): number {
    if (depth >= this.#maxDepth) throw new JsonError('json_too_deep', 'nested too deeply');
    return depth + 1;
  }

  #quoted(): string {
    const start = this.#at++;
    for (;;) {
      this.#skip(plainText);
      if (this.#text[this.#at] === '"') break;
      if (this.#skip(escaped) === '') fail();
    }
    return JSON.parse(this.#text.slice(start, ++this.#at)) as string;
  }

  #number(): number {
    const value = Number(this.#skip(numeral) || fail());
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) fail();
    return value;
  }

  #word(literal: string, value: JsonValue): JsonValue {
    if (!this.#text.startsWith(literal, this.#at)) fail();
    this.#at += literal.length;
    return value;
  }

  #list(depth: number): JsonValue[] {
    const items: JsonValue[] = [];
    this.#at++;
    if (this.#take(']')) return items;
    do items.push(this.#value(depth));
    while (this.#take(','));
    return this.#take(']') ? items : fail();
  }

  #object(depth: number): JsonObject {
    const members: Record<string, JsonValue> = Object.create(null);
    this.#at++;
    if (this.#take('}')) return members;
    do {
      this.#skip(blanks);
      const key = this.#text[this.#at] === '"' ? this.#quoted() : fail();
      if (Object.hasOwn(members, key)) throw new JsonError('json_invalid', 'a key stands twice in one object');
      if (!this.#take(':')) fail();
      members[key] = this.#value(depth);
    } while (this.#take(','));
    return this.#take('}') ? members : fail();
  }
}

function fail(): never {
  throw new JsonError('json_invalid', 'not valid JSON');
}

/**
 * The members of an object with the first letter of every key in lower case; callers write either.
 * Undefined when it is no object, or when a key stands there in both spellings.
 */
export function lowerFirst(value: JsonValue): JsonObject | undefined {
  if (!isJsonObject(value)) return undefined;
  const members: Record<string, JsonValue | undefined> = Object.create(null);
  for (const [key, member] of Object.entries(value)) {
    const name = key.slice(0, 1).toLowerCase() + key.slice(1);
    if (Object.hasOwn(members, name)) return undefined;
    members[name] = member;
  }
  return members;
}
