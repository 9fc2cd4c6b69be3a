import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.ts';
import { type Justification, justifications } from '../justification.ts';

/* Readers of foreign JSON that give nothing where the shape is another. */

const maxText = 4_000;

/** The objects of a list. */
export function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** The texts of a list, without empty ones. */
export function texts(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string' && item !== '') : [];
}

/** A text, cut to a length that reports can show; null for an empty one. */
export function text(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, maxText) : null;
}

/** An object, or an empty one. */
export function part(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : nothing;
}

const nothing: JsonObject = Object.freeze(Object.create(null) as JsonObject);

/** ms since the epoch; 0 for what is no time, so that such a statement is the oldest. */
export function time(value: JsonValue | undefined): number {
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? 0 : parsed;
}

/** One of the justifications of VEX, else null. */
export function justification(value: JsonValue | undefined): Justification | null {
  return justifications.find((known) => known === value) ?? null;
}
