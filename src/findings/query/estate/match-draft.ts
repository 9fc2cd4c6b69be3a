import { vulnerabilityKey } from '../../facts/vulnerability-key.ts';
import type { EstateMatch, EstatePackage, EstateVulnerability } from '../ports.ts';
import { IdSlots } from './id-slots.ts';
import { type MatchPart, priorityNames, severityNames, stateNames } from './parts.ts';
import { grown, Rows } from './rows.ts';

/** An estate without matches; new each time, because its maps are filled. */
export const noMatches = (): MatchPart => ({
  packages: [],
  packageCount: 0,
  byPackage: new IdSlots(),
  identity: new Int32Array(0),
  vulnerabilities: [],
  byVulnerability: new IdSlots(),
  byName: new Map(),
  ofPackage: Rows.empty,
  count: 0,
  package: new Int32Array(0),
  vulnerability: new Int32Array(0),
  severity: new Uint8Array(0),
  priority: new Uint8Array(0),
  state: new Uint8Array(0),
  isCve: new Uint8Array(0),
  openedAt: new Float64Array(0),
  fixedVersion: [],
  range: [],
  key: new Int32Array(0),
  keyCount: 0,
  keyGroup: new Int32Array(0),
  keyVulnerability: new Int32Array(0),
  groupNames: [],
  version: 0,
});

const byVulnerability = new WeakMap<MatchPart, Rows>();

/** Vulnerability slot → its match slots, open and closed; made once per part. */
export function matchesOfVulnerability(matches: MatchPart): Rows {
  let rows = byVulnerability.get(matches);
  if (rows === undefined) {
    const start = Int32Array.from(new Int32Array(matches.count).keys());
    const one = new Int32Array(matches.count).fill(1);
    rows = Rows.of(start, one, matches.vulnerability, matches.count, matches.count).inverse(
      matches.vulnerabilities.length,
    );
    byVulnerability.set(matches, rows);
  }
  return rows;
}

/** Key slots per group: vulnerabilities fit below this. */
const keyStride = 2 ** 22;

/**
 * Makes the next match part from the one before. Maps and tails of columns are shared with older parts, which know where
 * their own rows end; so only the newest part may be drafted from.
 */
export class MatchDraft {
  readonly #packages: EstatePackage[];
  readonly #byPackage: IdSlots;
  #identity: Int32Array;
  readonly #vulnerabilities: EstateVulnerability[];
  readonly #byVulnerability: IdSlots;
  readonly #byName: Map<string, number | readonly number[]>;
  readonly #columns: {
    -readonly [K in 'package' | 'vulnerability' | 'key']: Int32Array;
  } & { -readonly [K in 'severity' | 'priority' | 'state' | 'isCve']: Uint8Array } & { openedAt: Float64Array };
  readonly #fixedVersion: (string | null)[];
  readonly #range: (string | null)[];
  #keyGroup: Int32Array;
  #keyVulnerability: Int32Array;
  readonly #intern: Interning;
  readonly #base: MatchPart;
  readonly #rows = new Map<number, number[]>();
  #count: number;
  #scoresChanged = false;
  #lastGroup: { readonly pkg: EstatePackage; readonly group: number } | undefined;

  constructor(base: MatchPart, intern: Interning) {
    this.#base = base;
    this.#intern = intern;
    this.#packages = base.packages.slice();
    this.#byPackage = base.byPackage as IdSlots;
    this.#identity = base.identity;
    this.#vulnerabilities = base.vulnerabilities.slice();
    this.#byVulnerability = base.byVulnerability as IdSlots;
    this.#byName = base.byName as Map<string, number | readonly number[]>;
    const { package: pkg, vulnerability, key, severity, priority, state, isCve, openedAt } = base;
    this.#columns = { package: pkg, vulnerability, key, severity, priority, state, isCve, openedAt };
    this.#fixedVersion = base.fixedVersion as (string | null)[];
    this.#range = base.range as (string | null)[];
    this.#keyGroup = base.keyGroup;
    this.#keyVulnerability = base.keyVulnerability;
    this.#count = base.count;
  }

  /** Takes facts and scores of vulnerabilities. */
  vulnerabilities(rows: readonly EstateVulnerability[]): void {
    for (const row of rows) {
      this.#scoresChanged = true;
      const known = this.#byVulnerability.get(row.id);
      const slot = known ?? this.#vulnerabilities.length;
      const before = this.#vulnerabilities[slot];
      this.#vulnerabilities[slot] = row;
      this.#byVulnerability.set(row.id, slot);
      for (const name of new Set([row.name, ...row.aliases])) {
        if (before?.name === name || before?.aliases.includes(name)) continue;
        const others = this.#byName.get(name);
        if (others === undefined) this.#byName.set(name, slot);
        else if (others !== slot) this.#byName.set(name, [...(typeof others === 'number' ? [others] : others), slot]);
      }
    }
  }

  /** Of these package ids those that the index does not hold yet. */
  unknown(ids: Iterable<number>): number[] {
    return [...new Set(ids)].filter((id) => !this.#byPackage.has(id)).sort((a, b) => a - b);
  }

  /** Takes packages; each once, by rising id where it can be. */
  packages(rows: readonly EstatePackage[]): void {
    this.#identity = grown(this.#identity, this.#packages.length + rows.length);
    for (const row of rows) {
      if (this.#byPackage.has(row.id)) continue;
      const slot = this.#packages.push(row) - 1;
      this.#byPackage.set(row.id, slot);
      this.#identity[slot] = this.#intern.identity(row);
    }
  }

  /** Replaces the open matches of packages. Packages and vulnerabilities have to be known. */
  matches(packageIds: Iterable<number>, rows: readonly EstateMatch[]): void {
    for (const id of packageIds) {
      const slot = this.#byPackage.get(id);
      if (slot !== undefined) this.#rows.set(slot, []);
    }
    for (const row of rows) this.add(row);
  }

  /** Adds one match to those of its package that were added to this draft. Unknown packages and vulnerabilities are skipped. */
  add(row: EstateMatch): void {
    const pkg = this.#byPackage.get(row.packageId);
    const vulnerability = this.#byVulnerability.get(row.vulnerabilityId);
    if (pkg === undefined || vulnerability === undefined) return;
    const match = this.#count++;
    const columns = this.#columns;
    if (match >= columns.package.length) this.#grow();
    columns.package[match] = pkg;
    columns.vulnerability[match] = vulnerability;
    columns.severity[match] = severityNames.indexOf(row.severity);
    columns.priority[match] = priorityNames.indexOf(row.priority);
    columns.state[match] = stateNames.indexOf(row.state);
    const facts = this.#packages[pkg] as EstatePackage;
    columns.isCve[match] = facts.kind === 'cve' ? 1 : 0;
    columns.openedAt[match] = row.openedAt;
    columns.key[match] = this.#key(facts, vulnerability);
    this.#fixedVersion[match] = this.#intern.text(row.fixedVersion);
    this.#range[match] = this.#intern.text(row.range);
    const list = this.#rows.get(pkg);
    if (list === undefined) this.#rows.set(pkg, [match]);
    else list.push(match);
  }

  #grow(): void {
    const columns = this.#columns;
    const length = this.#count + 1024;
    for (const name of ['package', 'vulnerability', 'key'] as const) columns[name] = grown(columns[name], length);
    for (const name of ['severity', 'priority', 'state', 'isCve'] as const)
      columns[name] = grown(columns[name], length);
    columns.openedAt = grown(columns.openedAt, length);
  }

  #key(pkg: EstatePackage, vulnerability: number): number {
    const group = this.#groupOf(pkg);
    const at = group * keyStride + vulnerability;
    const known = this.#intern.keys.get(at);
    if (known !== undefined) return known;
    const key = this.#intern.keys.size;
    this.#intern.keys.set(at, key);
    this.#keyGroup = grown(this.#keyGroup, key + 1);
    this.#keyVulnerability = grown(this.#keyVulnerability, key + 1);
    this.#keyGroup[key] = group;
    this.#keyVulnerability[key] = vulnerability;
    return key;
  }

  /** Matches of one package follow each other. */
  #groupOf(pkg: EstatePackage): number {
    if (this.#lastGroup?.pkg !== pkg) {
      this.#lastGroup = { pkg, group: this.#intern.group(vulnerabilityKey(pkg, '').slice(0, -1)) };
    }
    return this.#lastGroup.group;
  }

  /** The finished part; the same object when nothing has changed. */
  build(): MatchPart {
    const base = this.#base;
    if (this.#rows.size === 0 && !this.#scoresChanged && this.#packages.length === base.packageCount) return base;
    const vulnerabilityId = (match: number): number =>
      this.#vulnerabilities[this.#columns.vulnerability[match] as number]?.id ?? 0;
    for (const list of this.#rows.values()) {
      // Readers deliver them in this order, so there is nothing to sort as a rule.
      const sorted = list.every(
        (match, at) => at === 0 || vulnerabilityId(list[at - 1] as number) <= vulnerabilityId(match),
      );
      if (!sorted) list.sort((a, b) => vulnerabilityId(a) - vulnerabilityId(b));
    }
    return {
      packages: this.#packages.length === base.packageCount ? base.packages : this.#packages,
      packageCount: this.#packages.length,
      byPackage: this.#byPackage,
      identity: this.#identity,
      vulnerabilities: this.#scoresChanged ? this.#vulnerabilities : base.vulnerabilities,
      byVulnerability: this.#byVulnerability,
      byName: this.#byName,
      ofPackage: base.ofPackage.with(this.#rows, this.#packages.length),
      count: this.#count,
      ...this.#columns,
      fixedVersion: this.#fixedVersion,
      range: this.#range,
      keyCount: this.#intern.keys.size,
      keyGroup: this.#keyGroup,
      keyVulnerability: this.#keyVulnerability,
      groupNames: this.#intern.groupNames,
      version: base.version + 1,
    };
  }
}

/** Numbers for texts that repeat; one for all parts that follow each other. */
export class Interning {
  readonly groupNames: string[] = [];
  readonly keys = new IdSlots();
  readonly #groups = new Map<string, number>();
  readonly #names = new Map<string, number>();
  readonly #nameVersions = new IdSlots();
  readonly #identities = new IdSlots();
  readonly #texts = new Map<string, string>();

  /** The same string object for equal texts. */
  text(text: string | null): string | null {
    if (text === null) return null;
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }

  group(name: string): number {
    let number = this.#groups.get(name);
    if (number === undefined) {
      number = this.groupNames.push(name) - 1;
      this.#groups.set(name, number);
    }
    return number;
  }

  /** Equal exactly for packages that `countedKey` makes equal, without the text of it. */
  identity({ name, version, type, release }: EstatePackage): number {
    const kind = this.#number(JSON.stringify([release?.id, release?.versionId, release?.codename, type]));
    const both = numbered(this.#nameVersions, this.#number(name) * identityStride + this.#number(version));
    return numbered(this.#identities, both * identityStride + kind);
  }

  #number(text: string): number {
    let number = this.#names.get(text);
    if (number === undefined) {
      number = this.#names.size;
      this.#names.set(text, number);
    }
    return number;
  }
}

/** Numbers of texts fit below this, so that two of them make one number. */
const identityStride = 2 ** 26;

function numbered(known: IdSlots, key: number): number {
  const number = known.get(key) ?? known.size;
  known.set(key, number);
  return number;
}
