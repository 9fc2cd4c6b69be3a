/**
 * Reads some texts of a JSON document without building the rest of it: a tenth of the time of a parser, and no memory
 * for what nobody asks for. Made for the manifests of packages, of which an image has tens of thousands.
 *
 * The last of several equal keys counts, as for every parser of JavaScript. Values that were not asked for are stepped
 * over by their brackets and quotes, and not checked further.
 * @param keys of the outermost object.
 * @returns those that are texts; undefined for what is no JSON object.
 */
export function topLevelTexts(bytes: Uint8Array, keys: readonly string[]): Map<string, string> | undefined {
  const scanner = new Scanner(bytes);
  const found = scanner.texts(keys, []);
  return found !== undefined && scanner.isAtEnd() ? found : undefined;
}

/**
 * Reads some texts of each object in one member of a JSON document: of `{"packages": {"a": {…}, "b": {…}}}`.
 * @param flags keys whose value counts when it is `true`; it is told as the text `true`.
 * @param visit called with the key of each object, in the order of the document, before it is known whether the rest of
 *   the document is one.
 * @returns whether there was such a member; undefined for what is no JSON object.
 */
export function eachMember(
  bytes: Uint8Array,
  member: string,
  { keys, flags = [] }: { readonly keys: readonly string[]; readonly flags?: readonly string[] },
  visit: (key: string, texts: ReadonlyMap<string, string>) => void,
): boolean | undefined {
  const scanner = new Scanner(bytes);
  let isThere = false;
  const isWhole = scanner.members((key) => {
    if (key !== member || scanner.peek() !== brace) return scanner.skip();
    isThere = true;
    return scanner.members((inner) => {
      if (scanner.peek() !== brace) return scanner.skip();
      const texts = scanner.texts(keys, flags);
      if (texts !== undefined) visit(inner, texts);
      return texts && true;
    });
  });
  return isWhole && scanner.isAtEnd() ? isThere : undefined;
}

/** Longer keys are none that anybody asks for. */
const longestKey = 256;
/** Longer texts are cut. */
const longestText = 4096;

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const brace = 0x7b;
const braceEnd = 0x7d;
const bracket = 0x5b;
const bracketEnd = 0x5d;

class Scanner {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // npm reads manifests with a byte-order mark.
    this.#at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  }

  /** Steps over an object, whose values the callback steps over; undefined where there is none or it does not end. */
  members(value: (key: string) => true | undefined): true | undefined {
    if (!this.take(brace)) return undefined;
    if (this.take(braceEnd)) return true;
    do {
      const key = this.text(longestKey);
      if (key === undefined || !this.take(colon) || value(key) === undefined) return undefined;
    } while (this.take(comma));
    return this.take(braceEnd) ? true : undefined;
  }

  /** Texts and true flags of an object; undefined where there is none or it does not end. */
  texts(keys: readonly string[], flags: readonly string[]): Map<string, string> | undefined {
    const found = new Map<string, string>();
    const isWhole = this.members((key) => {
      const isText = keys.includes(key);
      if (isText) found.delete(key);
      if (isText && this.peek() === quote) {
        const text = this.text(longestText);
        if (text !== undefined) found.set(key, text);
        return text === undefined ? undefined : true;
      }
      this.peek();
      const start = this.#at;
      const skipped = this.skip();
      if (flags.includes(key)) {
        if (this.#bytes.toString('latin1', start, Math.min(this.#at, start + 5)) === 'true') found.set(key, 'true');
        else found.delete(key);
      }
      return skipped;
    });
    return isWhole && found;
  }

  /** The next byte that is no blank. */
  peek(): number | undefined {
    const bytes = this.#bytes;
    while (isBlank(bytes[this.#at])) this.#at++;
    return bytes[this.#at];
  }

  isAtEnd(): boolean {
    return this.peek() === undefined;
  }

  take(byte: number): boolean {
    if (this.peek() !== byte) return false;
    this.#at++;
    return true;
  }

  /** A text, its first `longest` bytes where it is longer; undefined where there is none or it does not end. */
  text(longest: number): string | undefined {
    if (this.peek() !== quote) return undefined;
    const start = this.#at + 1;
    const isPlain = this.#stepOverText();
    if (isPlain === undefined) return undefined;
    const end = this.#at - 1;
    if (isPlain || end - start > longest) return this.#bytes.toString('utf8', start, Math.min(end, start + longest));
    try {
      return JSON.parse(this.#bytes.toString('utf8', start - 1, end + 1)) as string;
    } catch {
      return undefined;
    }
  }

  /** Steps over any value; undefined where there is none or it does not end. */
  skip(): true | undefined {
    const first = this.peek();
    if (first === quote) return this.#stepOverText() === undefined ? undefined : true;
    if (first === brace || first === bracket) return this.#stepOverBrackets();
    const start = this.#at;
    while (isScalar(this.#bytes[this.#at])) this.#at++;
    return this.#at > start ? true : undefined;
  }

  #stepOverBrackets(): true | undefined {
    const bytes = this.#bytes;
    let depth = 0;
    for (; this.#at < bytes.length; this.#at++) {
      const byte = bytes[this.#at];
      if (byte === quote) {
        if (this.#stepOverText() === undefined) return undefined;
        this.#at--;
      } else if (byte === brace || byte === bracket) depth++;
      else if ((byte === braceEnd || byte === bracketEnd) && --depth === 0) {
        this.#at++;
        return true;
      }
    }
    return undefined;
  }

  /** From the opening quote to behind the closing one. @returns whether there was no escape in it */
  #stepOverText(): boolean | undefined {
    const bytes = this.#bytes;
    let isPlain = true;
    for (let at = this.#at + 1; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === quote) {
        this.#at = at + 1;
        return isPlain;
      }
      if (byte === backslash) {
        isPlain = false;
        at++;
      }
    }
    return undefined;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Bytes of numbers and of `true`, `false`, `null`. */
function isScalar(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e
  );
}
