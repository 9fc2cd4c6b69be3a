import { decidesOnVulnerabilities, meansPurl } from '../../facts/decisions.ts';
import { isRiskRule } from '../../risks/decide.ts';
import type { EstateRule } from '../ports.ts';
import { matchesOfVulnerability } from './match-draft.ts';
import type { Pacer } from './pacer.ts';
import { groupOf, type ImagePart, type MatchPart, slotsNamed, stateFixed, vulnerabilitiesOfKey } from './parts.ts';
import { classify, isEverywhere, type RuleClass } from './rule-classes.ts';

/** Most classes whose rules are kept as a whole column of matches. */
const denseKept = 64;

/**
 * The decisions in force, applied to one state of images and matches. Of several rules that cover a finding the one with
 * the lowest id speaks.
 */
export class RuleBook {
  /** Those on vulnerabilities, by rising id. */
  readonly rules: readonly EstateRule[];
  /** Those on other findings, by rising id; see risk-book.ts. */
  readonly riskRules: readonly EstateRule[];
  /** Match slot → position of the rule that covers it in every image; -1 = none. */
  readonly everywhere: Int32Array;
  /** Whether any match is covered everywhere. */
  readonly anywhere: boolean;
  /** Image slot → class; 0 = no rule of its own. */
  readonly classOf: Int32Array;
  /** Whether any image has rules of its own. */
  readonly hasOwn: boolean;
  /** When the first rule ends, ms; Infinity when none does. */
  readonly nextExpiry: number;
  readonly #classes: readonly RuleClass[];
  readonly #coverage: (position: number) => Int32Array;
  readonly #lookups = new Map<number, (match: number) => number>();
  readonly #matches: number;

  private constructor(
    rules: readonly EstateRule[],
    riskRules: readonly EstateRule[],
    everywhere: Int32Array,
    classOf: Int32Array,
    classes: readonly RuleClass[],
    coverage: (position: number) => Int32Array,
  ) {
    this.rules = rules;
    this.riskRules = riskRules;
    this.everywhere = everywhere;
    this.anywhere = everywhere.some((rule) => rule >= 0);
    this.classOf = classOf;
    this.hasOwn = classes.length > 1;
    this.#classes = classes;
    this.#coverage = coverage;
    this.#matches = everywhere.length;
    this.nextExpiry = [...rules, ...riskRules].reduce(
      (next, rule) => Math.min(next, rule.expiresAt ?? Infinity),
      Infinity,
    );
  }

  /** Applies the rules that are in force at `at`. `pinned`: rules made later are left out. */
  static async build(
    all: readonly EstateRule[],
    images: ImagePart,
    matches: MatchPart,
    at: number,
    pinned: boolean,
    pacer: Pacer,
  ): Promise<RuleBook> {
    const inForce = all
      .filter((rule) => (!pinned || rule.createdAt <= at) && (rule.expiresAt === null || rule.expiresAt > at))
      .toSorted((a, b) => a.id - b.id);
    const rules = inForce.filter(decidesOnVulnerabilities);
    const coverage = coverageOf(rules, matches);
    const everywhere = new Int32Array(matches.count).fill(-1);
    for (const [position, rule] of rules.entries()) {
      if (!isEverywhere(rule)) continue;
      for (const match of coverage(position)) if (everywhere[match] === -1) everywhere[match] = position;
      if (pacer.due()) await pacer.rest();
    }
    const { classOf, classes } = classify(rules, images);
    return new RuleBook(rules, inForce.filter(isRiskRule), everywhere, classOf, classes, coverage);
  }

  /** Position of the rule that handles the finding; -1 = none. */
  ruleOf(image: number, match: number): number {
    const own = this.classOf[image] as number;
    const general = this.everywhere[match] as number;
    return own === 0 ? general : lower(general, this.lookup(own)(match));
  }

  /** The own rules of a class of images: match slot → position of the rule, -1 = none of them. */
  lookup(of: number): (match: number) => number {
    const known = this.#lookups.get(of);
    if (known !== undefined) return known;
    const positions = this.#classes[of]?.rules ?? [];
    const lists = positions.map((position) => this.#coverage(position));
    const total = lists.reduce((sum, list) => sum + list.length, 0);
    const lookup = total * 8 > this.#matches ? this.#dense(positions, lists) : sparse(positions, lists);
    if (this.#lookups.size >= denseKept) this.#lookups.delete(this.#lookups.keys().next().value as number);
    this.#lookups.set(of, lookup);
    return lookup;
  }

  #dense(positions: readonly number[], lists: readonly Int32Array[]): (match: number) => number {
    const column = new Int32Array(this.#matches).fill(-1);
    for (const [index, list] of lists.entries()) {
      for (const match of list) if (column[match] === -1) column[match] = positions[index] as number;
    }
    return (match) => column[match] as number;
  }
}

function sparse(positions: readonly number[], lists: readonly Int32Array[]): (match: number) => number {
  const found = new Map<number, number>();
  for (const [index, list] of lists.entries()) {
    for (const match of list) if (!found.has(match)) found.set(match, positions[index] as number);
  }
  return (match) => found.get(match) ?? -1;
}

function lower(a: number, b: number): number {
  if (a < 0) return b;
  return b < 0 || a < b ? a : b;
}

/** Matches that each rule covers, worked out when first asked for. */
function coverageOf(rules: readonly EstateRule[], matches: MatchPart): (position: number) => Int32Array {
  const known: Int32Array[] = [];
  const candidates = (rule: EstateRule): Iterable<number> => {
    if (rule.vulnerabilities.length === 0) return new Int32Array(matches.count).keys();
    const byVulnerability = matchesOfVulnerability(matches);
    const found = new Set<number>();
    for (const name of rule.vulnerabilities) {
      for (const slot of slotsNamed(matches, name)) for (const match of byVulnerability.row(slot)) found.add(match);
      const { group, slots } = vulnerabilitiesOfKey(matches, name);
      for (const slot of slots) {
        for (const match of byVulnerability.row(slot)) if (groupOf(matches, match) === group) found.add(match);
      }
    }
    return [...found].sort((a, b) => a - b);
  };
  return (position) => {
    const ready = known[position];
    if (ready !== undefined) return ready;
    const rule = rules[position] as EstateRule;
    const names = rule.scope.kind === 'packages' ? new Set(rule.scope.names) : null;
    const purls = rule.scope.kind === 'products' ? rule.scope.purls : [];
    const covered: number[] = [];
    for (const match of candidates(rule)) {
      if (purls.length > 0 && !meansPurl(purls, matches.packages[matches.package[match] as number]?.purl ?? ''))
        continue;
      if (names !== null && !names.has(matches.packages[matches.package[match] as number]?.name ?? '')) continue;
      if (rule.findingKind !== null && (matches.isCve[match] === 1 ? 'cve' : 'sca') !== rule.findingKind) continue;
      if (rule.expiresWhen === 'any_fix' && matches.state[match] === stateFixed) continue;
      covered.push(match);
    }
    known[position] = Int32Array.from(covered);
    return known[position];
  };
}
