import type { AdvisoryKey, VersionScheme } from '../../ecosystems/index.ts';
import { compareText } from '../../kernel/index.ts';
import type { PackageFact, RecordFacts } from '../facts.ts';
import { cveOf, isBugErratum, isCve, isErratum } from '../identifiers.ts';
import type { Verdict } from './range.ts';

/** One record's statement that one version is affected by one vulnerability. */
export interface Claim {
  /** Ids of the vulnerability; equal by the record's own word. */
  readonly ids: readonly string[];
  readonly ecosystem: string;
  readonly on: AdvisoryKey['on'];
  readonly fact: PackageFact;
  readonly record: RecordFacts;
  readonly verdict: Verdict;
}

/** What several records say about the same vulnerability. */
export interface ClaimGroup {
  /** The CVE that the group is about; null when none of its ids is one. */
  readonly cve: string | null;
  /** All ids, including those of errata that announce the fix and CVE ids that the guard kept apart. */
  readonly ids: readonly string[];
  /** The most trusted first (scanning.md §5.5). */
  readonly claims: readonly Claim[];
}

/**
 * The vulnerabilities that a record is about, each with its ids: an erratum stands for every CVE it names, any other
 * record for one vulnerability. Bug and enhancement errata without a CVE are about none.
 */
export function vulnerabilitiesOf(record: RecordFacts): readonly (readonly string[])[] {
  const { id, aliases } = record;
  if (!isErratum(id)) {
    const cve = cveOf(id);
    return [cve === null || cve === id ? [id, ...aliases] : [cve, id, ...aliases]];
  }
  const cves = new Set([...record.linked, ...aliases.filter(isCve)]);
  if (cves.size > 0) return [...cves].map((cve) => [cve]);
  return isBugErratum(id) ? [] : [[id, ...aliases]];
}

/** Joins claims whose ids meet, directly or through others; two different CVE ids are never joined. */
export function groupClaims(claims: readonly Claim[], scheme: VersionScheme): ClaimGroup[] {
  const sets = new IdSets();
  // The order of records in a feed must not decide what the guard keeps apart: those that know one CVE come first.
  const sure = claims.toSorted((a, b) => countCves(a) - countCves(b) || compareText(a.record.id, b.record.id));
  for (const { ids } of sure) {
    const [first = '', ...others] = ids;
    for (const id of others) sets.join(first, id);
  }
  const groups = new Map<string, Claim[]>();
  for (const claim of claims) {
    const root = sets.find(claim.ids[0] ?? '');
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [claim]);
    else group.push(claim);
  }
  return [...groups].map(([root, group]) => ({
    cve: sets.cveOf(root) ?? null,
    ids: [...new Set(group.flatMap((claim) => [...claim.ids, claim.record.id]))].sort(),
    claims: group.sort((a, b) => byTrust(a, b, scheme)),
  }));
}

function countCves({ ids }: Claim): number {
  return ids.reduce((count, id) => count + Number(isCve(id)), 0);
}

/** Union-find over ids, with the guard that a set holds at most one CVE. */
class IdSets {
  readonly #parents = new Map<string, string>();
  readonly #cves = new Map<string, string>();

  find(id: string): string {
    let root = id;
    for (let parent = this.#parents.get(root); parent !== undefined; parent = this.#parents.get(root)) root = parent;
    for (let at = id; at !== root; ) {
      const next = this.#parents.get(at) ?? root;
      this.#parents.set(at, root);
      at = next;
    }
    return root;
  }

  join(a: string, b: string): void {
    const [left, right] = [this.find(a), this.find(b)];
    if (left === right) return;
    const [one, other] = [this.cveOf(left), this.cveOf(right)];
    if (one !== undefined && other !== undefined) return;
    this.#parents.set(right, left);
    const cve = one ?? other;
    if (cve !== undefined) this.#cves.set(left, cve);
  }

  /** The CVE of the set with this root. */
  cveOf(root: string): string | undefined {
    return this.#cves.get(root) ?? (isCve(root) ? root : undefined);
  }
}

/** Curated databases before GHSA before what is derived from NVD; errata last; then the nearest fix. */
function byTrust(a: Claim, b: Claim, scheme: VersionScheme): number {
  const order = trust(a.record.id) - trust(b.record.id);
  if (order !== 0) return order;
  const [fixA, fixB] = [a.verdict.fixedVersion, b.verdict.fixedVersion];
  if ((fixA === null) !== (fixB === null)) return fixA === null ? 1 : -1;
  const nearer = fixA === null || fixB === null ? 0 : scheme.compare(fixA, fixB);
  return nearer !== 0 ? nearer : compareText(a.record.id, b.record.id);
}

/** How much a record is believed, by its publisher: the smaller the more. */
export function trust(id: string): number {
  if (/^(GO|RUSTSEC|PYSEC)-/.test(id)) return 0;
  if (id.startsWith('GHSA-')) return 1;
  return isErratum(id) ? 3 : 2;
}
