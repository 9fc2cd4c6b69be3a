import { invalidParameter } from '../errors.ts';

/** Largest number that a client may send: texts and times of the vendor are int64, ours are exact below 2^53. */
export const maxInteger = Number.MAX_SAFE_INTEGER;

/** Limits of a text; absent = 1 to 65535 characters. */
export interface TextLimits {
  readonly min?: number;
  readonly max?: number;
}

/** A text within its limits. @throws HuaweiRefusal `HSS.0001` */
export function checkText(name: string, text: string, { min = 0, max = 65_535 }: TextLimits): string {
  if (text.length < min || text.length > max || text.includes('\u0000')) throw invalidParameter(name);
  return text;
}

/** One of an exact list of words; published patterns without brackets mean that too. @throws HuaweiRefusal `HSS.0001` */
export function checkWord<T extends string>(name: string, text: string, words: readonly T[]): T {
  const found = words.find((word) => word === text);
  if (found === undefined) throw invalidParameter(name);
  return found;
}

/** An integer in a range. Values up to 2^63−1 are taken and count as the largest exact number. */
export function checkInteger(name: string, value: number | string, min: number, max: number): number {
  if (typeof value === 'string' && !/^-?\d{1,19}$/.test(value)) throw invalidParameter(name);
  const number = Number(value);
  if (typeof value === 'number' && !Number.isInteger(number)) throw invalidParameter(name);
  if (number > 2 ** 63) throw invalidParameter(name);
  if (number < min || (number > max && max < maxInteger)) throw invalidParameter(name);
  return Math.min(number, max);
}

/** `true` or `false` in any case, as languages write them. */
export function checkFlag(name: string, text: string): boolean {
  const lower = text.toLowerCase();
  if (lower !== 'true' && lower !== 'false') throw invalidParameter(name);
  return lower === 'true';
}
