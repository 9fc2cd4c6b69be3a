import { JsonError, type JsonLimits, type JsonValue } from '../../../kernel/index.ts';
import { invalid, missing } from '../errors.ts';
import type { RawParameters } from '../protocol/parameters.ts';
import { maxJsonBytes, maxJsonDepth, parseStrictJson } from '../protocol/strict-json.ts';

/** How one parameter is read. An absent and an empty value mean the same. */
export interface Parameter<T> {
  /** Type as the vendor's tables name it. */
  readonly wire: 'string' | 'integer' | 'boolean' | 'string[]' | 'integer[]';
  readonly required: boolean;
  /** @throws RpcError `Missing<Name>`, `Invalid<Name>` */
  read(raw: RawParameters, name: string): T;
}

/** Parameters of an operation by name, in the vendor's spelling. */
export type Shape = Readonly<Record<string, Parameter<unknown>>>;

/** What an operation gets: every parameter of its shape, decoded. */
export type Input<S extends Shape> = { readonly [K in keyof S]: S[K] extends Parameter<infer T> ? T : never };

/** Reads all parameters of an operation; others are ignored. @throws RpcError for the first that is wrong */
export function readInput<S extends Shape>(shape: S, raw: RawParameters): Input<S> {
  const entries = Object.entries(shape).map(([name, parameter]) => [name, parameter.read(raw, name)]);
  return Object.fromEntries(entries) as Input<S>;
}

function optional<T>(wire: Parameter<T>['wire'], parse: (text: string, name: string) => T): Parameter<T | undefined> {
  return {
    wire,
    required: false,
    read: (raw, name) => {
      const text = raw.get(name) ?? '';
      return text === '' ? undefined : parse(text, name);
    },
  };
}

/** The same parameter, which must be there. */
export function required<T>(parameter: Parameter<T | undefined>): Parameter<T> {
  return {
    wire: parameter.wire,
    required: true,
    read: (raw, name) => {
      const value = parameter.read(raw, name);
      if (value === undefined) throw missing(name);
      return value;
    },
  };
}

/** Free text of at most so many characters, as it was sent. */
export function text(maxLength = 2048): Parameter<string | undefined> {
  return optional('string', (value, name) => {
    if (value.length > maxLength) throw invalid(name);
    return value;
  });
}

/** One of the values, whatever the case of its letters; returned as listed. */
export function choice<const V extends string>(...values: readonly V[]): Parameter<V | undefined> {
  return optional('string', (value, name) => fold(values, value, name));
}

function fold<V extends string>(values: readonly V[], value: string, name: string): V {
  const found = values.find((candidate) => candidate.toLowerCase() === value.trim().toLowerCase());
  if (found === undefined) throw invalid(name);
  return found;
}

/** A whole number inside bounds; at most 2^53 − 1. */
export function whole(min = 0, max = Number.MAX_SAFE_INTEGER): Parameter<number | undefined> {
  return optional('integer', (value, name) => {
    const number = /^-?\d{1,19}$/.test(value) ? Number(value) : Number.NaN;
    if (!Number.isSafeInteger(number) || number < min || number > max) throw invalid(name);
    return number;
  });
}

/** `true` or `false`. */
export function flag(): Parameter<boolean | undefined> {
  return optional('boolean', (value, name) => {
    const word = value.toLowerCase();
    if (word !== 'true' && word !== 'false') throw invalid(name);
    return word === 'true';
  });
}

/** Elements that a list may have. */
export const maxListItems = 1000;

/**
 * Values between commas (or in a JSON array): trimmed, without empty ones and duplicates. Nothing between the commas =
 * absent.
 */
export function commaList(maxItems = maxListItems): Parameter<readonly string[] | undefined> {
  return optional('string', (value, name) => {
    const parts = value.trimStart().startsWith('[') ? single(value, name) : value.split(',');
    const items = [...new Set(parts.map((item) => item.trim()))].filter((item) => item !== '');
    if (items.length > maxItems) throw invalid(name);
    return items.length === 0 ? undefined : items;
  });
}

/** Values between commas, each one of those listed. */
export function choices<const V extends string>(...values: readonly V[]): Parameter<readonly V[] | undefined> {
  const list = commaList();
  return {
    ...list,
    read: (raw, name) => list.read(raw, name)?.map((item) => fold(values, item, name)),
  };
}

/** `Name.1=…&Name.2=…`, by number; also one JSON array, and one plain value. Empty elements drop out. */
export function list(): Parameter<readonly string[] | undefined> {
  return {
    wire: 'string[]',
    required: false,
    read: (raw, name) => {
      const items = [...numbered(raw, name), ...single(raw.get(name) ?? '', name)].filter((item) => item !== '');
      if (items.length > maxListItems) throw invalid(name);
      return items.length === 0 ? undefined : [...new Set(items)];
    },
  };
}

function numbered(raw: RawParameters, name: string): string[] {
  const found: [number, string][] = [];
  for (const [key, value] of raw) {
    if (!key.startsWith(`${name}.`)) continue;
    const index = key.slice(name.length + 1);
    if (!/^\d{1,9}$/.test(index)) throw invalid(name);
    found.push([Number(index), value]);
  }
  return found.sort(([a], [b]) => a - b).map(([, value]) => value);
}

function single(value: string, name: string): string[] {
  if (!value.trimStart().startsWith('[')) return [value];
  const items = parsed(value, name, { maxBytes: maxJsonBytes, maxDepth: 1 });
  if (!Array.isArray(items)) throw invalid(name);
  return items.map((item) => {
    if (typeof item !== 'string' && typeof item !== 'number') throw invalid(name);
    return String(item);
  });
}

/** Whole numbers from 0 on, written as `list` reads them. */
export function numbers(): Parameter<readonly number[] | undefined> {
  const plain = list();
  const one = whole();
  return {
    ...plain,
    wire: 'integer[]',
    read: (raw, name) => plain.read(raw, name)?.map((item) => one.read(new Map([[name, item]]), name) ?? 0),
  };
}

/** A list whose elements are among those listed. */
export function listOf<const V extends string>(...values: readonly V[]): Parameter<readonly V[] | undefined> {
  const plain = list();
  return { ...plain, read: (raw, name) => plain.read(raw, name)?.map((item) => fold(values, item, name)) };
}

/** A JSON document in one parameter. */
export function document(
  limits: JsonLimits = { maxBytes: maxJsonBytes, maxDepth: maxJsonDepth },
): Parameter<JsonValue | undefined> {
  return optional('string', (value, name) => parsed(value, name, limits));
}

/** Parses a JSON parameter. @throws RpcError `Invalid<Name>` */
export function parsed(value: string, name: string, limits: JsonLimits): JsonValue {
  try {
    return parseStrictJson(value, limits);
  } catch (error) {
    if (error instanceof JsonError) throw invalid(name);
    throw error;
  }
}
