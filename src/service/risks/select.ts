import { type RiskView, riskKinds, riskLevels } from '../../findings/index.ts';
import type { RiskKind, RiskLevels, RiskQuery, RiskStatus } from '../contract/index.ts';
import { keysOf, type RiskWords } from './texts.ts';

/** How a list of findings stands as a whole: what needs most attention says it. */
const byAttention: readonly RiskStatus[] = ['open', 'verifying', 'handled', 'whitelisted', 'false_positive'];

/** A query over one state of the estate, ready to be asked for each risk of each image. */
export class RiskSelector {
  readonly view: RiskView;
  readonly kind: RiskKind;
  readonly #asked: (risk: number) => boolean;
  readonly #verdicts: Uint8Array;
  readonly #statuses: ReadonlySet<RiskStatus> | null;

  /** @param listed whether what does not count is selected too. */
  constructor(view: RiskView, query: RiskQuery, words: RiskWords, listed: boolean) {
    this.view = view;
    this.kind = query.kind;
    this.#asked = compiled(view, query, words, listed);
    this.#verdicts = new Uint8Array(view.table.count);
    this.#statuses = query.statuses === undefined ? null : new Set(query.statuses);
  }

  /** Whether a risk is meant, whatever was decided on it. */
  has(risk: number): boolean {
    // 1 = no, 2 = yes: each risk is asked once.
    const known = this.#verdicts[risk];
    if (known !== 0) return known === 2;
    const verdict = this.#asked(risk);
    this.#verdicts[risk] = verdict ? 2 : 1;
    return verdict;
  }

  statusOf(image: number, risk: number): RiskStatus {
    return this.view.book.verdictOf(image, risk) ?? 'open';
  }

  wants(status: RiskStatus): boolean {
    return this.#statuses?.has(status) ?? true;
  }

  /** Selected risk slots of an image with how they stand, in the order of its report. */
  each(image: number, visit: (risk: number, level: number, status: RiskStatus) => void): void {
    const { view } = this;
    const risks = view.of(image);
    // An index: this is asked for every finding of the estate.
    for (let at = 0; at < risks.length; at++) {
      const risk = risks[at] as number;
      if (!this.has(risk)) continue;
      const status = this.statusOf(image, risk);
      if (this.wants(status)) visit(risk, view.table.level(risk), status);
    }
  }
}

function compiled({ table }: RiskView, query: RiskQuery, words: RiskWords, listed: boolean): (risk: number) => boolean {
  const { kind, title } = query;
  const code = riskKinds.indexOf(kind);
  const [rules, names, classes] = [setOf(query.rules), setOf(query.names), setOf(query.classes)];
  const [md5, layers, levels] = [setOf(query.md5), setOf(query.layers), setOf<string>(query.levels)];
  const part = title?.contains.toLowerCase();
  const ofHead: (boolean | undefined)[] = [];
  const headPasses = (at: number): boolean => {
    const head = table.heads[at] as (typeof table.heads)[number];
    const { ruleKey, nameKey, classKey } = keysOf(head);
    if (rules !== null && !rules.has(ruleKey) && !rules.has(head.id)) return false;
    if ((names !== null && !names.has(nameKey)) || (classes !== null && !classes.has(classKey))) return false;
    if (title === undefined || part === undefined) return true;
    const { title: ofRule, name, className } = words.of(kind, head);
    const text = { rule: ofRule, name, class: className }[title.of];
    return text.en.toLowerCase().includes(part) || text.zh.toLowerCase().includes(part);
  };
  return (risk) => {
    if (table.kind(risk) !== code || !(listed || table.counted(risk))) return false;
    if (levels !== null && !levels.has(riskLevels(kind)[table.level(risk)] ?? '')) return false;
    if (md5 !== null && !md5.has(table.md5.get(risk) ?? '')) return false;
    if (layers !== null && !layers.has(table.layer.get(risk) ?? '')) return false;
    const head = table.head(risk);
    ofHead[head] ??= headPasses(head);
    return ofHead[head];
  };
}

function setOf<T>(values: readonly T[] | undefined): ReadonlySet<T> | null {
  return values === undefined ? null : new Set(values);
}

/** Sums over findings: numbers by level, times, and how they stand. */
export class RiskSum {
  readonly #levels = [0, 0, 0];
  #statuses = 0;
  worst = 3;
  firstSeen = Infinity;
  lastSeen = 0;

  add(level: number, status: RiskStatus, firstSeen: number, lastSeen: number): void {
    (this.#levels[level] as number)++;
    this.#statuses |= 1 << byAttention.indexOf(status);
    if (level < this.worst) this.worst = level;
    if (firstSeen < this.firstSeen) this.firstSeen = firstSeen;
    if (lastSeen > this.lastSeen) this.lastSeen = lastSeen;
  }

  get levels(): RiskLevels {
    return levelNumbers(this.#levels);
  }

  get status(): RiskStatus {
    return byAttention.find((_, bit) => (this.#statuses & (1 << bit)) !== 0) ?? 'open';
  }
}

/** Numbers by code of the level as they are shown. */
export function levelNumbers([high = 0, medium = 0, low = 0]: readonly number[]): RiskLevels {
  return { high, medium, low, total: high + medium + low };
}

/** Whether a finding goes on counting as it stands. */
export function isOpen(status: RiskStatus): boolean {
  return status === 'open' || status === 'verifying';
}
