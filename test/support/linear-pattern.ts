/**
 * Says why a regular expression could take more than linear time on a bounded text, read from its source: repeats inside of
 * repeats, alternatives under a repeat that can start alike, repeats without an upper end, and references back. Written for
 * the notation that our rules use; what it does not know it refuses.
 */
export function superLinear(pattern: RegExp): string | undefined {
  try {
    const parser = new Parser(pattern.source, pattern.ignoreCase);
    const node = parser.alternatives();
    if (!parser.done) return `cannot read the rest: ${parser.rest}`;
    return complaint(node);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Characters that a node can start with, as 256 flags; empty for what has no width. */
type Chars = Uint8Array;

type Node =
  | { readonly kind: 'chars'; readonly first: Chars }
  | { readonly kind: 'empty' }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'look'; readonly inner: Node }
  | { readonly kind: 'repeat'; readonly inner: Node; readonly min: number; readonly max: number };

const classes: Readonly<Record<string, RegExp>> = { d: /\d/, D: /\D/, w: /\w/, W: /\W/, s: /\s/, S: /\S/ };
const escapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, 0: 0 };

function charsOf(test: (code: number) => boolean): Chars {
  return Uint8Array.from({ length: 256 }, (_, code) => Number(test(code)));
}

class Parser {
  readonly #source: string;
  readonly #ignoreCase: boolean;
  #at = 0;

  constructor(source: string, ignoreCase: boolean) {
    this.#source = source;
    this.#ignoreCase = ignoreCase;
  }

  get done(): boolean {
    return this.#at === this.#source.length;
  }

  get rest(): string {
    return this.#source.slice(this.#at);
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  alternatives(): Node {
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    return options.length === 1 ? (options[0] as Node) : { kind: 'choice', options };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (!this.done && !'|)'.includes(this.#source[this.#at] as string)) parts.push(this.#repeated());
    return { kind: 'sequence', parts };
  }

  #repeated(): Node {
    const inner = this.#atom();
    const match = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(this.rest);
    if (match === null) return inner;
    this.#at += match[0].length;
    const [, sign, from, comma, to] = match;
    const min = sign === undefined ? Number(from) : sign === '+' ? 1 : 0;
    const max = sign === undefined ? (to ? Number(to) : comma ? Infinity : min) : sign === '?' ? 1 : Infinity;
    return { kind: 'repeat', inner, min, max };
  }

  #atom(): Node {
    for (const look of ['(?=', '(?!', '(?<=', '(?<!']) {
      if (this.#take(look)) return { kind: 'look', inner: this.#closed() };
    }
    if (this.#take('(?:')) return this.#closed();
    const named = /^\(\?<\w+>/.exec(this.rest);
    if (named !== null) {
      this.#at += named[0].length;
      return this.#closed();
    }
    if (this.#take('(?')) throw new Error('a group of a kind that is not known');
    if (this.#take('(')) return this.#closed();
    if (this.#take('^') || this.#take('$') || this.#take('\\b') || this.#take('\\B')) return { kind: 'empty' };
    if (this.#take('[')) return { kind: 'chars', first: this.#charClass() };
    if (this.#take('.')) return { kind: 'chars', first: charsOf((code) => code !== 10 && code !== 13) };
    return { kind: 'chars', first: this.#single() };
  }

  #closed(): Node {
    const node = this.alternatives();
    if (!this.#take(')')) throw new Error('a group without an end');
    return node;
  }

  /** One character or one escape. */
  #single(): Chars {
    const code = this.#code();
    return typeof code === 'number' ? this.#folded(charsOf((other) => other === code)) : code;
  }

  #code(): number | Chars {
    if (!this.#take('\\')) return this.#source.charCodeAt(this.#at++);
    const letter = this.#source[this.#at++] ?? '';
    const known = classes[letter];
    if (known !== undefined) return charsOf((code) => known.test(String.fromCharCode(code)));
    if (/[1-9k]/.test(letter)) throw new Error('a reference back');
    return escapes[letter] ?? letter.charCodeAt(0);
  }

  #charClass(): Chars {
    const negated = this.#take('^');
    const all = new Uint8Array(256);
    while (!this.#take(']')) {
      const from = this.#code();
      if (typeof from === 'number' && /^-[^\]]/.test(this.rest)) {
        this.#at++;
        const to = this.#code();
        for (let code = from; code <= Number(to); code++) all[code] = 1;
      } else if (typeof from === 'number') all[from] = 1;
      else
        from.forEach((flag, code) => {
          if (flag) all[code] = 1;
        });
    }
    const folded = this.#folded(all);
    return negated ? folded.map((flag) => 1 - flag) : folded;
  }

  #folded(chars: Chars): Chars {
    if (!this.#ignoreCase) return chars;
    return charsOf((code) => {
      const text = String.fromCharCode(code);
      return [code, text.toLowerCase().charCodeAt(0), text.toUpperCase().charCodeAt(0)].some((one) => chars[one] === 1);
    });
  }
}

function canBeEmpty(node: Node): boolean {
  if (node.kind === 'chars') return false;
  if (node.kind === 'sequence') return node.parts.every(canBeEmpty);
  if (node.kind === 'choice') return node.options.some(canBeEmpty);
  return node.kind !== 'repeat' || node.min === 0 || canBeEmpty(node.inner);
}

function firstOf(node: Node): Chars {
  if (node.kind === 'chars') return node.first;
  if (node.kind === 'repeat') return firstOf(node.inner);
  if (node.kind === 'choice') return union(node.options.map(firstOf));
  if (node.kind !== 'sequence') return new Uint8Array(256);
  const until = node.parts.findIndex((part) => !canBeEmpty(part));
  return union(node.parts.slice(0, until < 0 ? undefined : until + 1).map(firstOf));
}

function union(sets: readonly Chars[]): Chars {
  return charsOf((code) => sets.some((set) => set[code] === 1));
}

function variesInLength(node: Node): boolean {
  if (node.kind === 'sequence') return node.parts.some(variesInLength);
  if (node.kind === 'choice') return node.options.some(variesInLength);
  return node.kind === 'repeat' && (node.min !== node.max || variesInLength(node.inner));
}

function complaint(node: Node): string | undefined {
  if (node.kind === 'look') return complaint(node.inner);
  if (node.kind === 'sequence') return first(node.parts);
  if (node.kind === 'choice') return first(node.options);
  if (node.kind !== 'repeat') return undefined;
  if (node.max === Infinity) return 'a repeat without an upper end';
  if (node.max > 1 && variesInLength(node.inner)) return 'a repeat inside of a repeat';
  if (node.max > 1 && node.inner.kind === 'choice' && startAlike(node.inner.options)) {
    return 'alternatives under a repeat that can start alike';
  }
  return complaint(node.inner);
}

function first(nodes: readonly Node[]): string | undefined {
  for (const node of nodes) {
    const found = complaint(node);
    if (found !== undefined) return found;
  }
  return undefined;
}

function startAlike(options: readonly Node[]): boolean {
  const seen = new Uint8Array(256);
  for (const option of options) {
    const starts = firstOf(option);
    if (starts.some((flag, code) => flag === 1 && seen[code] === 1)) return true;
    starts.forEach((flag, code) => {
      if (flag) seen[code] = 1;
    });
  }
  return false;
}
