import type { JsonObject } from '../../../kernel/index.ts';
import { invalid } from '../errors.ts';
import type { RawParameters } from '../protocol/parameters.ts';

/**
 * Filters in a JSON document, as if they were parameters of the operation they belong to: keys with a capital first
 * letter, lists of plain values as JSON arrays. @throws RpcError `Invalid<Name>`
 */
export function parametersOf(filters: JsonObject, name: string): RawParameters {
  const raw = new Map<string, string>();
  for (const [key, value] of Object.entries(filters)) {
    const parameter = key.slice(0, 1).toUpperCase() + key.slice(1);
    if (!/^[A-Za-z0-9]{1,64}$/.test(parameter) || raw.has(parameter)) throw invalid(name);
    const values = Array.isArray(value) ? (value as readonly unknown[]) : [value ?? ''];
    if (!values.every((part) => ['string', 'number', 'boolean'].includes(typeof part))) throw invalid(name);
    raw.set(parameter, Array.isArray(value) ? JSON.stringify(values.map(String)) : String(values[0]));
  }
  return raw;
}
