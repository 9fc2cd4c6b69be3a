import { type Document, isCollection, isMap, isScalar, type Node } from 'yaml';
import { readYaml } from '../../../kernel/index.ts';
import { BaselinePolicyError } from './errors.ts';

/** Limits of a policy file. */
export const policyLimits = {
  bytes: 1024 * 1024,
  depth: 20,
  /** Entries of one list or mapping. */
  entries: 10_000,
  /** Characters of one text. */
  text: 1000,
} as const;

const maxAliases = 100;

/** Keys and indexes that lead to a value. */
export type Place = readonly (string | number)[];

/** A policy file with the lines of its values, for messages. */
export class PolicyDocument {
  readonly value: unknown;
  readonly #name: string;
  readonly #text: string;
  readonly #document: Document.Parsed;

  /** @throws BaselinePolicyError when it is no YAML in UTF-8, or over the limits */
  constructor(bytes: Uint8Array, name: string) {
    this.#name = name;
    if (bytes.length > policyLimits.bytes) throw failure(`${name} is larger than ${policyLimits.bytes} bytes`);
    try {
      this.#text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      this.#document = readYaml(this.#text, policyLimits.depth);
      this.value = this.#document.toJS({ maxAliasCount: maxAliases });
    } catch (cause) {
      const [why = ''] = cause instanceof Error ? cause.message.split('\n', 1) : [];
      throw failure(`${name} is not YAML: ${why}`, cause);
    }
  }

  /** An error about a value or, where there is none, about what it should be in. */
  invalid(place: Place, why: string): BaselinePolicyError {
    const where = place.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
    const shown = where.replace(/^\./, '').slice(0, 200) || 'the top level';
    return failure(`${this.#name}, line ${this.#lineOf(place)}: ${shown}: ${why}`);
  }

  #lineOf(place: Place): number {
    const offset = place.length === 0 ? 0 : (this.#keyOffset(place) ?? 0);
    let line = 1;
    for (let at = this.#text.indexOf('\n'); at >= 0 && at < offset; at = this.#text.indexOf('\n', at + 1)) line++;
    return line;
  }

  /** Where the key of a place is written; of an entry of a list where that begins. */
  #keyOffset(place: Place): number | undefined {
    const last = place.at(-1);
    const parent = place.length === 1 ? this.#document.contents : this.#document.getIn(place.slice(0, -1), true);
    if (!isCollection(parent)) return undefined;
    if (!isMap(parent)) return rangeOf(parent.get(last, true));
    const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === last);
    return rangeOf(pair?.key);
  }
}

function rangeOf(node: unknown): number | undefined {
  return (node as Node | undefined)?.range?.[0];
}

function failure(message: string, cause?: unknown): BaselinePolicyError {
  return new BaselinePolicyError('baseline_policy_invalid', message, {
    hint: 'docs/howto/write-a-baseline-policy.md shows every key, docs/checks.md every check.',
    ...(cause !== undefined && { cause }),
  });
}
