import { badRequest, invalidParameter } from '../errors.ts';
import { checkFlag, checkInteger, checkText, checkWord, maxInteger, type TextLimits } from './values.ts';

const maxParameters = 4000;

/** Parameters of the query by name. Unknown ones are ignored, empty ones count as absent; one name twice is a list. */
export class QueryInput {
  readonly #values = new Map<string, string[]>();

  /** @throws HuaweiRefusal 400 of the gateway when it is not validly encoded */
  constructor(query: string) {
    const pairs = query === '' ? [] : query.split('&');
    if (pairs.length > maxParameters) throw badRequest(400);
    for (const pair of pairs) {
      const cut = pair.indexOf('=');
      const name = decode(cut < 0 ? pair : pair.slice(0, cut));
      const value = cut < 0 ? '' : decode(pair.slice(cut + 1));
      if (value === '') continue;
      const known = this.#values.get(name);
      if (known === undefined) this.#values.set(name, [value]);
      else known.push(value);
    }
  }

  list(name: string, max: number, limits: TextLimits = {}): readonly string[] {
    const values = this.#values.get(name) ?? [];
    if (values.length > max) throw invalidParameter(name);
    return values.map((value) => checkText(name, value, limits));
  }

  text(name: string, limits: TextLimits = {}): string | undefined {
    const value = this.#one(name);
    return value === undefined ? undefined : checkText(name, value, limits);
  }

  word<const T extends string>(name: string, words: readonly T[]): T | undefined {
    const value = this.#one(name);
    return value === undefined ? undefined : checkWord(name, value, words);
  }

  integer(name: string, min = 0, max = maxInteger): number | undefined {
    const value = this.#one(name);
    return value === undefined ? undefined : checkInteger(name, value, min, max);
  }

  flag(name: string): boolean | undefined {
    const value = this.#one(name);
    return value === undefined ? undefined : checkFlag(name, value);
  }

  /** A value that must be there. @throws HuaweiRefusal `HSS.0001` */
  need<T>(name: string, value: T | undefined): T {
    if (value === undefined) throw invalidParameter(name);
    return value;
  }

  #one(name: string): string | undefined {
    const values = this.#values.get(name);
    if (values !== undefined && new Set(values).size > 1) throw invalidParameter(name);
    return values?.[0];
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw badRequest(400);
  }
}
