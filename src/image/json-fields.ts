import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/index.ts';

/** Makes the error for a field that is not what its place asks for; `where` is a path such as `layers[3].digest`. */
export type FieldProblem = (where: string, expected: string) => Error;

/** Typed reading of untrusted JSON objects: absent and `null` are the same, anything else must have the right type. */
export interface FieldReader {
  string(object: JsonObject, key: string, where: string): string | undefined;
  object(object: JsonObject, key: string, where: string): JsonObject | undefined;
  array(object: JsonObject, key: string, where: string): readonly JsonValue[] | undefined;
  strings(object: JsonObject, key: string, where: string): readonly string[] | undefined;
  /** A map of texts, such as annotations and labels; empty when absent. The map has no prototype. */
  textMap(object: JsonObject, key: string, where: string): Readonly<Record<string, string>>;
}

/** A reader whose complaints are made by `problem`. */
export function fieldReader(problem: FieldProblem): FieldReader {
  const at = (where: string, key: string): string => (where === '' ? key : `${where}.${key}`);

  const string: FieldReader['string'] = (object, key, where) => {
    const value = object[key] ?? undefined;
    if (value === undefined || typeof value === 'string') return value;
    throw problem(at(where, key), 'a text');
  };
  const array: FieldReader['array'] = (object, key, where) => {
    const value = object[key] ?? undefined;
    if (value === undefined || Array.isArray(value)) return value;
    throw problem(at(where, key), 'a list');
  };
  const object: FieldReader['object'] = (parent, key, where) => {
    const value = parent[key] ?? undefined;
    if (value === undefined || isJsonObject(value)) return value;
    throw problem(at(where, key), 'an object');
  };
  return {
    string,
    array,
    object,
    strings(parent, key, where) {
      return array(parent, key, where)?.map((item) => {
        if (typeof item === 'string') return item;
        throw problem(at(where, key), 'a list of texts');
      });
    },
    textMap(parent, key, where) {
      const result: Record<string, string> = Object.create(null);
      for (const [name, value] of Object.entries(object(parent, key, where) ?? {})) {
        if (typeof value !== 'string') throw problem(at(where, key), 'a map of texts');
        result[name] = value;
      }
      return result;
    },
  };
}
