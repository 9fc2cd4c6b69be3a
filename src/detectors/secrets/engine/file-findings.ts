import { createHmac } from 'node:crypto';
import type { RiskLevel } from '../../contract.ts';
import { cut, maskValue } from '../../mask.ts';
import type { Found } from '../contract.ts';
import type { SecretFact } from '../facts.ts';

/** Values of one file that are told apart; a file with more is a list of passwords whatever the rest is. */
const maxValues = 10_000;

const rank: Readonly<Record<RiskLevel, number>> = { high: 2, medium: 1, low: 0 };

/** A value as it was found, already without its text. */
interface Value extends Omit<SecretFact, 'path' | 'total'> {
  readonly generic: boolean;
}

/** Keyed hash under which equal values are recognised within one installation, and nowhere else. */
export function secretIdOf(key: Uint8Array, value: Uint8Array | string): string {
  return createHmac('sha256', key).update(value).digest('hex').slice(0, 32);
}

/** The masked form of a value with the label that its rule gives it. */
export function excerptOf({ label, hideValue }: Found, value: string): string {
  if (hideValue && label !== undefined) return label;
  return cut(label === undefined ? maskValue(value) : `${label} = ${maskValue(value)}`);
}

/** Gathers what rules find in one file and makes facts of it. Values are hashed and masked at once and not kept. */
export class FileFindings {
  readonly #key: Uint8Array;
  readonly #values: Value[] = [];

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  get full(): boolean {
    return this.#values.length >= maxValues;
  }

  /** @param value the bytes, one character each. */
  add(
    rule: { readonly key: string; readonly level: RiskLevel; readonly generic?: true },
    found: Found,
    value: Buffer,
    place: { readonly offset: number; readonly length: number; readonly line: number | null },
  ): void {
    if (this.full) return;
    this.#values.push({
      rule: found.key ?? rule.key,
      level: found.level ?? rule.level,
      ...place,
      excerpt: excerptOf(found, value.toString('utf8')),
      secretId: secretIdOf(this.#key, found.identity ?? value),
      generic: rule.generic === true,
    });
  }

  /** One fact a rule. Guesses by name give way to rules that know the value. */
  facts(path: string): SecretFact[] {
    if (this.#values.length === 0) return [];
    const sure = this.#values.filter(({ generic }) => !generic).sort((a, b) => a.offset - b.offset);
    const byRule = new Map<string, { best: Value; readonly ids: Set<string> }>();
    for (const value of this.#values) {
      if (value.generic && overlaps(sure, value)) continue;
      const known = byRule.get(value.rule);
      if (known === undefined) byRule.set(value.rule, { best: value, ids: new Set([value.secretId]) });
      else {
        known.ids.add(value.secretId);
        if (isBetter(value, known.best)) known.best = value;
      }
    }
    return [...byRule.values()].map(({ best: { generic: _, ...best }, ids }) => ({ ...best, path, total: ids.size }));
  }
}

function isBetter(a: Value, b: Value): boolean {
  return rank[a.level] > rank[b.level] || (a.level === b.level && a.offset < b.offset);
}

/** @param sorted by offset; values of rules that know them rarely overlap, so looking at a few before is enough. */
function overlaps(sorted: readonly Value[], { offset, length }: Value): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as Value).offset < offset + length) low = middle + 1;
    else high = middle;
  }
  return sorted.slice(Math.max(0, low - 8), low).some((one) => one.offset + one.length > offset);
}
