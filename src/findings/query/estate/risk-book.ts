import { coversRisk, namesOfRisk, verdictOf } from '../../risks/decide.ts';
import { type RiskKind, type RiskVerdict, riskKinds } from '../../risks/kinds.ts';
import type { EstateRule } from '../ports.ts';
import type { ImagePart } from './parts.ts';
import type { RiskTable } from './risk-part.ts';
import { classify, isEverywhere, type RuleClass } from './rule-classes.ts';

const none: readonly number[] = [];

/** The decisions in force on risks, applied to one state. Of several rules that cover a finding the oldest speaks. */
export class RiskBook {
  /** By rising id. */
  readonly rules: readonly EstateRule[];
  /** Image slot → class; 0 = no rule of its own. */
  readonly classOf: Int32Array;
  readonly #table: RiskTable;
  readonly #verdicts: readonly RiskVerdict[];
  readonly #classes: readonly ReadonlySet<number>[];
  readonly #everywhere: ReadonlySet<number>;
  readonly #byName = new Map<string, number[]>();
  readonly #general = riskKinds.map((): number[] => []);
  readonly #ofHead: (readonly number[] | undefined)[] = [];
  readonly #decided = new Map<number, number>();

  constructor(rules: readonly EstateRule[], images: ImagePart, table: RiskTable) {
    this.rules = rules;
    this.#table = table;
    this.#verdicts = rules.map(verdictOf);
    const { classOf, classes } = classify(rules, images);
    this.classOf = classOf;
    this.#classes = classes.map(({ rules: positions }: RuleClass) => new Set(positions));
    this.#everywhere = new Set([...rules.keys()].filter((position) => isEverywhere(rules[position] as EstateRule)));
    for (const [position, rule] of rules.entries()) {
      if (rule.vulnerabilities.length === 0) this.#general[riskKinds.indexOf(rule.kind as RiskKind)]?.push(position);
      for (const name of rule.vulnerabilities) {
        const list = this.#byName.get(name);
        if (list === undefined) this.#byName.set(name, [position]);
        else list.push(position);
      }
    }
  }

  /** Position of the rule that speaks of a risk in an image; -1 = none. */
  ruleOf(image: number, risk: number): number {
    if (this.rules.length === 0) return -1;
    const own = this.classOf[image] as number;
    // Images without rules of their own share the answer.
    if (own === 0) {
      const known = this.#decided.get(risk);
      if (known !== undefined) return known;
    }
    const found = this.#first(risk, this.#classes[own]);
    if (own === 0) this.#decided.set(risk, found);
    return found;
  }

  /** What was decided on a risk in an image; null = nothing. */
  verdictOf(image: number, risk: number): RiskVerdict | null {
    const position = this.ruleOf(image, risk);
    return position < 0 ? null : (this.#verdicts[position] as RiskVerdict);
  }

  #first(risk: number, own: ReadonlySet<number> | undefined): number {
    const decided = this.#decidedRisk(risk);
    for (const position of this.#candidates(risk)) {
      if (!this.#everywhere.has(position) && own?.has(position) !== true) continue;
      if (coversRisk(this.rules[position] as EstateRule, decided)) return position;
    }
    return -1;
  }

  /** Rules that may cover a risk, by rising position. */
  #candidates(risk: number): readonly number[] {
    const table = this.#table;
    const head = table.head(risk);
    this.#ofHead[head] ??= this.#named(namesOfRisk({ ...this.#decidedRisk(risk), md5: null, sha256: null }));
    const lists = [this.#ofHead[head] ?? none, this.#general[table.kind(risk)] ?? none];
    const [md5, sha256] = [table.md5.get(risk), table.sha256.get(risk)];
    if (riskKinds[table.kind(risk)] === 'malicious') {
      lists.push(this.#byName.get(`md5:${md5}`) ?? none, this.#byName.get(`sha256:${sha256}`) ?? none);
    }
    const filled = lists.filter((list) => list.length > 0);
    return filled.length < 2 ? (filled[0] ?? none) : [...new Set(filled.flat())].sort((a, b) => a - b);
  }

  #named(names: readonly string[]): readonly number[] {
    return [...new Set(names.flatMap((name) => this.#byName.get(name) ?? []))].sort((a, b) => a - b);
  }

  #decidedRisk(risk: number) {
    const table = this.#table;
    return {
      kind: riskKinds[table.kind(risk)] ?? 'baseline',
      head: table.heads[table.head(risk)] as RiskTable['heads'][number],
      ...{ path: table.path.get(risk), md5: table.md5.get(risk), sha256: table.sha256.get(risk) },
    };
  }
}
