import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../../../kernel/index.ts';
import { invalidParameter, serviceRefusal } from '../errors.ts';
import { checkInteger, checkText, checkWord, maxInteger, type TextLimits } from './values.ts';

/** Bytes that a body may have. */
export const maxBodyBytes = 12 << 20;

/** Fields of a JSON body by name. Unknown and null fields count as absent. */
export class BodyInput {
  readonly #fields: JsonObject;
  readonly #prefix: string;

  constructor(fields: JsonObject, prefix = '') {
    this.#fields = fields;
    this.#prefix = prefix;
  }

  /** A value as it was sent, to be echoed and recorded; never to be used. */
  raw(name: string): JsonValue | undefined {
    return this.#get(name);
  }

  text(name: string, limits: TextLimits = {}): string | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw invalidParameter(this.#prefix + name);
    return checkText(this.#prefix + name, value, limits);
  }

  word<const T extends string>(name: string, words: readonly T[]): T | undefined {
    const text = this.text(name);
    // Some clients send every optional field, empty.
    return text === undefined || text === '' ? undefined : checkWord(this.#prefix + name, text, words);
  }

  integer(name: string, min = 0, max = maxInteger): number | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number') throw invalidParameter(this.#prefix + name);
    return checkInteger(this.#prefix + name, value, min, max);
  }

  flag(name: string): boolean | undefined {
    const value = this.#get(name);
    if (value !== undefined && typeof value !== 'boolean') throw invalidParameter(this.#prefix + name);
    return value;
  }

  texts(name: string, max: number, limits: TextLimits = { min: 1, max: 256 }): readonly string[] | undefined {
    const values = this.#array(name, max);
    return values?.map((value) => {
      if (typeof value !== 'string') throw invalidParameter(this.#prefix + name);
      return checkText(this.#prefix + name, value, limits);
    });
  }

  objects(name: string, max: number): readonly BodyInput[] | undefined {
    const values = this.#array(name, max);
    return values?.map((value, index) => {
      if (!isJsonObject(value)) throw invalidParameter(this.#prefix + name);
      return new BodyInput(value, `${this.#prefix}${name}[${index}].`);
    });
  }

  object(name: string): BodyInput {
    const value = this.#get(name);
    if (value !== undefined && !isJsonObject(value)) throw invalidParameter(this.#prefix + name);
    return new BodyInput(value ?? {}, `${this.#prefix}${name}.`);
  }

  /** A value that must be there. @throws HuaweiRefusal `HSS.0001` */
  need<T>(name: string, value: T | undefined): T {
    if (value === undefined) throw invalidParameter(this.#prefix + name);
    return value;
  }

  #array(name: string, max: number): readonly JsonValue[] | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.length > max) throw invalidParameter(this.#prefix + name);
    return value as readonly JsonValue[];
  }

  #get(name: string): Exclude<JsonValue, null> | undefined {
    const value = Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
    return value === null ? undefined : value;
  }
}

/**
 * Reads a body; a missing or blank one is `{}`.
 * @throws HuaweiRefusal `HSS.0002` when it is not JSON, `HSS.0001` when it is no object
 */
export function parseBody(bytes: Uint8Array): BodyInput {
  if (bytes.every((byte) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09)) return new BodyInput({});
  let value: JsonValue;
  try {
    value = parseJson(bytes, { maxBytes: maxBodyBytes, maxDepth: 16 });
  } catch {
    throw serviceRefusal('HSS.0002');
  }
  if (!isJsonObject(value)) throw invalidParameter('the body');
  return new BodyInput(value);
}
