import { CodedError } from './errors.ts';

/** `json_too_large`, `json_too_deep`, `json_invalid` (not UTF-8, not JSON, or a byte-order mark in front). */
export class JsonError extends CodedError<'json_too_large' | 'json_too_deep' | 'json_invalid'> {}

/** A parsed JSON value. Objects have no prototype, so keys such as `__proto__` or `constructor` are plain data. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object without prototype; `Object.hasOwn` or an `undefined` check tells whether a key is there. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** Limits of one document: size in bytes, nesting of arrays and objects, and how many of these there are (absent: 1 million). */
export interface JsonLimits {
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly maxContainers?: number;
}

/** Empty objects take three bytes of text and fifty times that of memory. */
const maxContainers = 1_000_000;

/** Limits for structured documents found in images (scanning.md §1.8). */
export const documentLimits: JsonLimits = { maxBytes: 64 * 1024 * 1024, maxDepth: 200 };

/**
 * Parses a document that somebody else wrote. Size and nesting are checked before anything is built.
 * @throws JsonError
 */
export function parseJson(bytes: Uint8Array, limits: JsonLimits = documentLimits): JsonValue {
  if (bytes.length > limits.maxBytes) {
    throw new JsonError('json_too_large', `document of ${bytes.length} bytes; the limit is ${limits.maxBytes}`);
  }
  checkShape(bytes, limits);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return withoutPrototypes(JSON.parse(text) as JsonValue);
  } catch (cause) {
    throw new JsonError('json_invalid', 'not valid JSON in UTF-8', { cause });
  }
}

/** Whether a value is a JSON object (neither null nor an array). */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const quote = 0x22;
const backslash = 0x5c;

/** Counts brackets outside strings; whether they match is the parser's business. */
function checkShape(bytes: Uint8Array, limits: JsonLimits): void {
  const { maxDepth } = limits;
  const most = limits.maxContainers ?? maxContainers;
  let depth = 0;
  let containers = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === quote) {
      for (i++; i < bytes.length && bytes[i] !== quote; i++) if (bytes[i] === backslash) i++;
    } else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > maxDepth) throw new JsonError('json_too_deep', `nested deeper than ${maxDepth} levels`);
      if (++containers > most) throw new JsonError('json_too_large', `more than ${most} objects and lists`);
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
}

function withoutPrototypes(root: JsonValue): JsonValue {
  const open: JsonValue[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item === 'object' && item !== null) open.push(item);
      continue;
    }
    Object.setPrototypeOf(value, null);
    for (const item of Object.values(value)) if (typeof item === 'object' && item !== null) open.push(item);
  }
  return root;
}
