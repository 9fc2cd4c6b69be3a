import { isJsonObject, type JsonObject, parseJson } from '../../kernel/index.ts';
import { parsedBytes } from './limits.ts';

const maxDepth = 200;

/** A JSON document that must be an object. @throws JsonError, Error */
export function jsonObject(bytes: Uint8Array): JsonObject {
  const value = parseJson(bytes, { maxBytes: parsedBytes, maxDepth });
  if (!isJsonObject(value)) throw new Error('it is no JSON object');
  return value;
}

/** A member that should be an object; an empty one where it is something else. */
export function objectIn(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}

/** Members that are objects, in the order of the document. */
export function* objectsIn(object: JsonObject): Generator<readonly [key: string, value: JsonObject]> {
  for (const [key, value] of Object.entries(object)) if (isJsonObject(value)) yield [key, value];
}

/** A member that should be a text; undefined where it is something else or empty. */
export function textIn(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
