import type { RepositoryRecord } from '../../../inventory/index.ts';
import { meansPurl } from '../../facts/decisions.ts';
import type { EstateRule } from '../ports.ts';
import { matchesOfVulnerability } from './match-draft.ts';
import type { Pacer } from './pacer.ts';
import { groupOf, type ImagePart, type MatchPart, slotsNamed, stateFixed, vulnerabilitiesOfKey } from './parts.ts';

/** Rules for some images only: images with the same rules are one class. */
interface RuleClass {
  /** Positions in `RuleBook.rules`, rising. */
  readonly rules: readonly number[];
}

/** Most classes whose rules are kept as a whole column of matches. */
const denseKept = 64;

/**
 * The decisions in force, applied to one state of images and matches. Of several rules that cover a finding the one with
 * the lowest id speaks.
 */
export class RuleBook {
  /** By rising id. */
  readonly rules: readonly EstateRule[];
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
    everywhere: Int32Array,
    classOf: Int32Array,
    classes: readonly RuleClass[],
    coverage: (position: number) => Int32Array,
  ) {
    this.rules = rules;
    this.everywhere = everywhere;
    this.anywhere = everywhere.some((rule) => rule >= 0);
    this.classOf = classOf;
    this.hasOwn = classes.length > 1;
    this.#classes = classes;
    this.#coverage = coverage;
    this.#matches = everywhere.length;
    this.nextExpiry = Math.min(Infinity, ...rules.flatMap((rule) => rule.expiresAt ?? []));
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
    const rules = all
      .filter((rule) => (!pinned || rule.createdAt <= at) && (rule.expiresAt === null || rule.expiresAt > at))
      .toSorted((a, b) => a.id - b.id);
    const coverage = coverageOf(rules, matches);
    const everywhere = new Int32Array(matches.count).fill(-1);
    for (const [position, rule] of rules.entries()) {
      if (!isEverywhere(rule)) continue;
      for (const match of coverage(position)) if (everywhere[match] === -1) everywhere[match] = position;
      if (pacer.due()) await pacer.rest();
    }
    const { classOf, classes } = classify(rules, images);
    return new RuleBook(rules, everywhere, classOf, classes, coverage);
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

/** Whether the rule asks nothing of the image. */
function isEverywhere(rule: EstateRule): boolean {
  const { scope } = rule;
  const anyImage = scope.kind === 'global' || scope.kind === 'packages' || (scope.kind === 'products' && !scope.digest);
  return rule.projectId === null && anyImage;
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

function classify(rules: readonly EstateRule[], images: ImagePart): { classOf: Int32Array; classes: RuleClass[] } {
  const classOf = new Int32Array(images.count);
  const classes: RuleClass[] = [{ rules: [] }];
  const scoped = [...rules.entries()].filter(([, rule]) => !isEverywhere(rule));
  if (scoped.length === 0) return { classOf, classes };
  const numbers = new Map<string, number>([['', 0]]);
  const numberOf = (positions: readonly number[]): number => {
    const name = positions.join();
    let number = numbers.get(name);
    if (number === undefined) {
      number = classes.push({ rules: positions }) - 1;
      numbers.set(name, number);
    }
    return number;
  };
  const ofImage = rulesOfImages(scoped, images);
  const byRepository = images.repositories.map((repository) =>
    scoped.filter(([, rule]) => !isOfImages(rule) && covers(rule, repository, images)).map(([at]) => at),
  );
  const numberByRepository = byRepository.map(numberOf);
  for (let slot = 0; slot < images.count; slot++) {
    const repository = images.repository[slot] as number;
    const own = ofImage.get(slot);
    classOf[slot] =
      own === undefined
        ? (numberByRepository[repository] as number)
        : numberOf([...(byRepository[repository] as number[]), ...own].sort((a, b) => a - b));
  }
  return { classOf, classes };
}

function rulesOfImages(scoped: readonly (readonly [number, EstateRule])[], images: ImagePart): Map<number, number[]> {
  const found = new Map<number, number[]>();
  const digests = new Set(scoped.flatMap(([, { scope }]) => (scope.kind === 'products' ? (scope.digest ?? []) : [])));
  const byDigest = slotsByDigest(digests, images);
  for (const [position, rule] of scoped) {
    const { scope } = rule;
    const slots =
      scope.kind === 'images'
        ? scope.uuids.map((uuid) => images.byUuid.get(uuid))
        : scope.kind === 'products' && scope.digest !== null
          ? (byDigest.get(scope.digest) ?? [])
          : [];
    for (const slot of slots) {
      if (slot === undefined) continue;
      const project = images.repositories[images.repository[slot] as number]?.projectId;
      if (rule.projectId !== null && rule.projectId !== project) continue;
      const list = found.get(slot);
      if (list === undefined) found.set(slot, [position]);
      else if (list.at(-1) !== position) list.push(position);
    }
  }
  return found;
}

/** Whether a rule names images themselves rather than where they are. */
function isOfImages({ scope }: EstateRule): boolean {
  return scope.kind === 'images' || (scope.kind === 'products' && scope.digest !== null);
}

/** Image slots by the digest of their manifest or index, for the digests that rules name. */
function slotsByDigest(wanted: ReadonlySet<string>, images: ImagePart): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  if (wanted.size === 0) return found;
  for (const name of ['digest', 'indexDigest'] as const) {
    const isWanted = images.rows.digestIn(name, wanted);
    for (let slot = 0; slot < images.count; slot++) {
      if (!isWanted(slot)) continue;
      const digest = images.rows.digest(name, slot) ?? '';
      const slots = found.get(digest);
      if (slots === undefined) found.set(digest, [slot]);
      else slots.push(slot);
    }
  }
  return found;
}

function covers(rule: EstateRule, repository: RepositoryRecord, images: ImagePart): boolean {
  if (rule.projectId !== null && rule.projectId !== repository.projectId) return false;
  const { scope } = rule;
  if (scope.kind === 'repositories') return scope.paths.includes(repository.path);
  if (scope.kind === 'registries') return scope.ids.includes(repository.registryId);
  if (scope.kind === 'registryKinds') {
    const kind = images.registries.get(repository.registryId)?.kind;
    return kind !== undefined && scope.kinds.includes(kind);
  }
  return true;
}
