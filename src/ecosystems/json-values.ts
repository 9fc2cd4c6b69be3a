import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/index.ts';

/** The text that a value is, bounded; empty for everything else. */
export function textOf(value: JsonValue | undefined, max: number = 4096): string {
  return typeof value === 'string' && value.length <= max ? value : '';
}

/** The array that a value is; empty for everything else. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** The objects of an array; other members do not count. */
export function objectsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return listOf(value).filter((item): item is JsonObject => isJsonObject(item));
}
