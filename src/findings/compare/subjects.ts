import { packageOfFinding, placeOfFinding } from '../naming.ts';
import type { Finding, ReportPackage } from '../report.ts';

/** A package without its version, as two images can share it. */
export interface Subject {
  readonly type: string;
  readonly name: string;
}

/** What a finding is about, whatever the version: a package, a file, or for checks the thing that they look at. */
export function subjectOf(finding: Finding, packages: ReadonlyMap<string, ReportPackage>): Subject {
  if (finding.kind === 'baseline') return { type: finding.axis, name: finding.item };
  const purl = packageOfFinding(finding);
  if (purl === null) return { type: 'file', name: placeOfFinding(finding).path };
  const pkg = packages.get(purl);
  if (pkg !== undefined) return { type: pkg.type, name: pkg.name };
  // Not listed: the purl up to its version is the name.
  const at = purl.lastIndexOf('@');
  return { type: '', name: at < 0 ? purl : purl.slice(0, at) };
}

/** What the finding is called: the record for malicious packages, whose rule is the same for all of them. */
export function comparedName(finding: Finding): string {
  return finding.kind === 'malicious' && finding.package !== null ? finding.rule : finding.id;
}

/**
 * Finds things of another report that are the same: on the same package name, and called by the same id or by an id that
 * is an alias of the other. Two ids that merely share an alias are two vulnerabilities (one GHSA may stand for several
 * CVEs).
 */
export class SameFinding<T> {
  readonly #ids = new Map<string, T[]>();
  readonly #aliases = new Map<string, T[]>();

  add(value: T, id: string, aliases: readonly string[], subject: Subject): void {
    append(this.#ids, keyOf(id, subject), value);
    for (const alias of aliases) append(this.#aliases, keyOf(alias, subject), value);
  }

  find(id: string, aliases: readonly string[], subject: Subject): ReadonlySet<T> {
    const found = new Set<T>(this.#ids.get(keyOf(id, subject)));
    for (const value of this.#aliases.get(keyOf(id, subject)) ?? []) found.add(value);
    for (const alias of aliases) for (const value of this.#ids.get(keyOf(alias, subject)) ?? []) found.add(value);
    return found;
  }
}

function keyOf(id: string, { type, name }: Subject): string {
  return JSON.stringify([id, type, name]);
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
