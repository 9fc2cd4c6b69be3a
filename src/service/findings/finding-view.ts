import type { DescribedPackage, DescribedRow, FindingFacts } from '../../findings/index.ts';
import type { FindingPackage, FindingView, VulnerabilityHead } from '../contract/index.ts';

const severities = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const;
const priorities = ['asap', 'later', 'nntf'] as const;

/** One line that names the vulnerability, whatever is known of it. */
export function titleOf(id: string, title: string | null, packageName: string): string {
  const text = (title ?? '').replaceAll(/\s+/gu, ' ').trim();
  if (text === '') return `${id}:${packageName}`;
  return text.startsWith(id) ? text : `${id}:${text}`;
}

/** Head of a vulnerability from the facts of one match. */
export function headOf(facts: FindingFacts): VulnerabilityHead {
  return {
    id: facts.vulnerability,
    aliases: facts.aliases,
    key: facts.key,
    kind: facts.kind,
    title: titleOf(facts.vulnerability, facts.title, facts.packageName),
    severity: facts.severity,
    priority: facts.priority,
    cvss: facts.cvss,
    vector: facts.vector,
    epss: facts.epss,
    kev: facts.kev,
    fixable: facts.state === 'fixed',
  };
}

/** The first of the ordered values that any of the packages has. */
function foremost<T>(order: readonly T[], values: readonly T[]): T {
  return order[Math.min(...values.map((value) => order.indexOf(value)))] as T;
}

/** A described row as the services show it. */
export function findingView(row: DescribedRow, recordId: number, fixing: boolean): FindingView {
  const { vulnerability, packages, image } = row;
  const first = packages[0] as DescribedPackage;
  // A record is handled when all of it is.
  const rule = packages.every((part) => part.rule !== null) ? first.rule : null;
  const seen = packages.map(({ firstSeen }) => firstSeen);
  return {
    recordId,
    imageUuid: image.uuid,
    vulnerability: {
      id: vulnerability.name,
      aliases: vulnerability.aliases,
      key: row.key,
      kind: row.kind,
      title: titleOf(vulnerability.name, vulnerability.title, first.pkg.name),
      severity: foremost(
        severities,
        packages.map(({ severity }) => severity),
      ),
      priority: foremost(
        priorities,
        packages.map(({ priority }) => priority),
      ),
      cvss: vulnerability.cvssMilli === null ? null : vulnerability.cvssMilli / 1000,
      vector: vulnerability.vector,
      epss: vulnerability.epssPpm === null ? null : vulnerability.epssPpm / 1e6,
      kev: vulnerability.kev,
      fixable: packages.some(({ state }) => state === 'fixed'),
    },
    packages: packages.map(packageView),
    os: image.os && { id: image.os.id, versionId: image.os.versionId },
    firstSeen: Math.min(...seen),
    lastSeen: Math.max(image.scan.at ?? 0, ...seen),
    changedAt: Math.max(...seen),
    handled: rule && {
      ruleId: rule.id,
      kind: rule.kind,
      reason: rule.reason,
      by: rule.by,
      until: rule.expiresAt,
    },
    fixing,
    fixedBy: row.fixedBy,
  };
}

function packageView(part: DescribedPackage): FindingPackage {
  const { purl, type, name, version, arch, sourceName, sourceVersion } = part.pkg;
  return {
    ...{ purl, type, name, version, arch, sourceName, sourceVersion },
    fixedVersion: part.fixedVersion,
    state: part.state,
    severity: part.severity,
    paths: [...new Set(part.evidence.map(({ path }) => path))],
    layers: [...new Set(part.evidence.map(({ layer }) => layer))],
    range: part.range,
  };
}

/** Pages about a vulnerability that follow from its id. */
export function linksOf(ids: readonly string[]): string[] {
  return ids.flatMap((id) => {
    if (/^CVE-\d{4}-\d{4,}$/.test(id)) return [`https://nvd.nist.gov/vuln/detail/${id}`];
    if (/^GHSA-[0-9a-z-]+$/.test(id)) return [`https://github.com/advisories/${id}`];
    return [];
  });
}
