import { digitValue } from './encoding.ts';

/** Cost of a scrypt or yescrypt hash and where its salt lies. */
export interface MemoryCost {
  /** A power of two. */
  readonly n: number;
  readonly r: number;
  readonly p: number;
  readonly t: number;
  /** As written, without the digest. */
  readonly salt: string;
  /** Everything before the digest, with the `$` after the salt. */
  readonly setting: string;
}

/** A reader of the digits of a setting; undefined once they are not there. */
class Digits {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** One digit. */
  single(): number | undefined {
    return digitValue(this.#text[this.#at++]);
  }

  /** Thirty bits, lowest digit first, as scrypt writes them. */
  fixed(): number | undefined {
    let value = 0;
    for (let digit = 0; digit < 5; digit++) {
      const part = this.single();
      if (part === undefined) return undefined;
      value += part * 64 ** digit;
    }
    return value;
  }

  /** A number of one to six digits as yescrypt writes them: the first says how many follow. */
  variable(minimum: number): number | undefined {
    const first = this.single();
    if (first === undefined) return undefined;
    let start = 0;
    let end = 47;
    let digits = 0;
    let value = minimum;
    while (first > end) {
      value += (end + 1 - start) * 64 ** digits;
      start = end + 1;
      end = start + Math.floor((62 - end) / 2);
      digits++;
    }
    value += (first - start) * 64 ** digits;
    for (let left = digits - 1; left >= 0; left--) {
      const part = this.single();
      if (part === undefined) return undefined;
      value += part * 64 ** left;
    }
    return value;
  }
}

/** The only flavour of yescrypt that crypt(3) makes: read-write, six rounds, boxes of 12 KiB. */
const usualFlavour = 47;

/** Cost of a `$y$` hash; undefined when it is malformed, of another flavour, or needs a shared memory image. */
export function yescryptCost(field: string): MemoryCost | undefined {
  const parts = /^\$y\$(?<cost>[./0-9A-Za-z]{3,40})\$(?<salt>[./0-9A-Za-z]{0,86})\$[./0-9A-Za-z]{43}$/.exec(
    field,
  )?.groups;
  if (parts === undefined) return undefined;
  const digits = new Digits(parts.cost ?? '');
  const flavour = digits.variable(0);
  const power = digits.variable(1);
  const r = digits.variable(1);
  const optional = digits.atEnd ? 0 : digits.variable(1);
  if (flavour !== usualFlavour || power === undefined || r === undefined) return undefined;
  // Eight and four stand for a number of upgrades and for a shared memory image.
  if (optional === undefined || optional > 3) return undefined;
  const p = (optional & 1) === 0 ? 1 : digits.variable(2);
  const t = (optional & 2) === 0 ? 0 : digits.variable(1);
  if (p === undefined || t === undefined || !digits.atEnd) return undefined;
  return { n: 2 ** power, r, p, t, salt: parts.salt ?? '', setting: field.slice(0, -43) };
}

/** Cost of a `$7$` hash; undefined when it is malformed. */
export function scryptCost(field: string): MemoryCost | undefined {
  const parts = /^\$7\$(?<cost>[./0-9A-Za-z]{11})(?<salt>[./0-9A-Za-z]{0,86})\$[./0-9A-Za-z]{43}$/.exec(field)?.groups;
  if (parts === undefined) return undefined;
  const digits = new Digits(parts.cost ?? '');
  const power = digits.single();
  const r = digits.fixed();
  const p = digits.fixed();
  if (power === undefined || r === undefined || p === undefined) return undefined;
  return { n: 2 ** power, r, p, t: 0, salt: parts.salt ?? '', setting: field.slice(0, -43) };
}
