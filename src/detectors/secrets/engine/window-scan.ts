import type { ContentRule, Found, Place } from '../contract.ts';
import { type KeywordFilter, keywordFilter } from './keyword-filter.ts';

/** Rules made ready for scanning. */
export interface CompiledRules {
  readonly rules: readonly ContentRule[];
  readonly filter: KeywordFilter;
  /** Numbers of the rules that a keyword wakes. */
  readonly byKeyword: readonly (readonly number[])[];
}

/** Collects the keywords of all rules in one filter. */
export function compileRules(rules: readonly ContentRule[]): CompiledRules {
  const keywords = [...new Set(rules.flatMap((rule) => rule.keywords))];
  const byKeyword = keywords.map((keyword) =>
    rules.flatMap((rule, number) => (rule.keywords.includes(keyword) ? [number] : [])),
  );
  return { rules, filter: keywordFilter(keywords), byKeyword };
}

/** What a scan tells: the rule, what it found, and where that starts in the block. */
export type WindowReport = (rule: ContentRule, found: Found, start: number, block: Buffer) => void;

/** Windows that stand closer than this are one window, up to this length. */
const maxMerged = 8 * 1024;
const none = -1;

/**
 * Looks through the blocks of one file: keywords first, then each rule's pattern on its own windows only (risks.md §4.3).
 * Results depend on the content and on where blocks start, not on the pieces in which the content came.
 */
export class WindowScan {
  readonly #compiled: CompiledRules;
  readonly #place: Place;
  readonly #report: WindowReport;
  readonly #expired: () => boolean;
  /** Per rule: whether it is asked, its open window, and the offset in the content before which all is reported. */
  readonly #asked: Uint8Array;
  readonly #from: Float64Array;
  readonly #to: Float64Array;
  readonly #done: Float64Array;

  constructor(compiled: CompiledRules, place: Place, report: WindowReport, expired: () => boolean = () => false) {
    const { rules } = compiled;
    this.#compiled = compiled;
    this.#place = place;
    this.#report = report;
    this.#expired = expired;
    this.#asked = Uint8Array.from(rules, ({ paths }) =>
      paths === undefined || place.path === '' || paths(place.path) ? 1 : 0,
    );
    this.#from = new Float64Array(rules.length).fill(none);
    this.#to = new Float64Array(rules.length);
    this.#done = new Float64Array(rules.length).fill(none);
  }

  /**
   * Looks for keywords that start in [from, to) of a block; windows reach from its start to `end`.
   * @param base offset of the block in the content.
   * @returns false when time ran out.
   */
  scan(block: Buffer, from: number, to: number, end: number, base: number): boolean {
    const { rules, filter, byKeyword } = this.#compiled;
    const inTime = filter.search(block, from, to, end, (keyword, at) => {
      for (const number of byKeyword[keyword] as readonly number[]) {
        if (this.#asked[number] === 0) continue;
        const rule = rules[number] as ContentRule;
        const start = Math.max(0, at - rule.before);
        const stop = Math.min(end, at + rule.after);
        const open = this.#from[number] as number;
        if (open !== none && start <= (this.#to[number] as number) && at - open < maxMerged) {
          this.#to[number] = stop;
          continue;
        }
        if (open !== none && !this.#close(number, block, base)) return false;
        this.#from[number] = start;
        this.#to[number] = stop;
      }
      return true;
    });
    if (!inTime) return false;
    for (let number = 0; number < rules.length; number++) {
      if (this.#from[number] !== none && !this.#close(number, block, base)) return false;
    }
    return true;
  }

  #close(number: number, block: Buffer, base: number): boolean {
    const rule = this.#compiled.rules[number] as ContentRule;
    const from = this.#from[number] as number;
    this.#from[number] = none;
    const window = block.toString('latin1', from, this.#to[number] as number);
    for (const found of rule.find(window, this.#place)) {
      const start = from + found.start;
      if (base + start <= (this.#done[number] as number)) continue;
      this.#done[number] = base + start;
      this.#report(rule, found, start, block);
    }
    return !this.#expired();
  }
}
