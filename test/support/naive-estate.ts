import { decisionsFor } from '../../src/findings/facts/decisions.ts';
import { countedKey } from '../../src/findings/facts/identity.ts';
import { vulnerabilityKey } from '../../src/findings/facts/vulnerability-key.ts';
import type {
  EstateMatch,
  EstatePackage,
  EstateRule,
  EstateVulnerability,
  FieldTest,
  Filter,
  Sort,
} from '../../src/findings/index.ts';
import type { ImageRow, RepositoryRecord } from '../../src/inventory/index.ts';
import type { EstateWorld } from './estate-world.ts';

/** One package of one image with one vulnerability, from one place: what findings are made of. */
export interface Raw {
  readonly image: ImageRow;
  readonly repository: RepositoryRecord;
  readonly path: string;
  readonly layer: string;
  readonly pkg: EstatePackage;
  readonly match: EstateMatch;
  readonly vulnerability: EstateVulnerability;
  readonly key: string;
  readonly rule: EstateRule | null;
  readonly firstSeen: number;
}

/** A row of a list: at the grain `record` all that pass of one vulnerability. */
export interface NaiveRow {
  readonly members: readonly Raw[];
  readonly first: Raw;
}

/** Everything of the estate, one object per package, vulnerability and place, with plain loops. */
export function allRaw(world: EstateWorld): Raw[] {
  const rows: Raw[] = [];
  for (const image of world.images.toSorted((a, b) => a.id - b.id)) {
    const repository = world.repositories.find(({ id }) => id === image.repositoryId) as RepositoryRecord;
    const content = world.contents.get(image.manifestId);
    const decide = decisionsFor(
      world.rules,
      {
        uuid: image.uuid,
        digests: [image.digest, ...(image.indexDigest === null ? [] : [image.indexDigest])],
        projectId: repository.projectId,
        registryId: repository.registryId,
        registryKind: world.registries.find(({ id }) => id === repository.registryId)?.kind ?? '',
        repositoryPath: repository.path,
      },
      world.now,
    );
    for (const { setId, path, layer } of content?.sets ?? []) {
      for (const packageId of world.sets.find(({ id }) => id === setId)?.members ?? []) {
        const pkg = world.packages.find(({ id }) => id === packageId) as EstatePackage;
        const open = (world.matches.get(packageId) ?? []).toSorted((a, b) => a.vulnerabilityId - b.vulnerabilityId);
        for (const match of open) {
          const vulnerability = world.vulnerabilities.find(
            ({ id }) => id === match.vulnerabilityId,
          ) as EstateVulnerability;
          const { name: id, aliases } = vulnerability;
          const key = vulnerabilityKey(pkg, id);
          const rule = decide({
            kind: pkg.kind,
            id,
            aliases,
            key,
            packageName: pkg.name,
            purl: pkg.purl,
            state: match.state,
          });
          const firstSeen = Math.max(content?.firstScannedAt ?? 0, match.openedAt);
          rows.push({ image, repository, path, layer, pkg, match, vulnerability, key, rule, firstSeen });
        }
      }
    }
  }
  return rows;
}

const listed = ['image.uuid', 'image.digest', 'image.current'];

function names(filter: Filter, fields: readonly string[]): boolean {
  if ('field' in filter) return fields.includes(filter.field);
  if ('not' in filter) return names(filter.not, fields);
  return ('and' in filter ? filter.and : filter.or).some((part) => names(part, fields));
}

/** Rows of a list, sorted. */
export function naiveRows(
  world: EstateWorld,
  filter: Filter,
  projects: 'all' | readonly number[],
  grain: 'finding' | 'record',
  sort: Sort,
): NaiveRow[] {
  const passing = allRaw(world).filter(
    (raw) =>
      (names(filter, listed) || raw.image.until === null) &&
      (projects === 'all' || projects.includes(raw.repository.projectId)) &&
      passes(filter, raw),
  );
  const findings = new Map<string, Raw>();
  for (const raw of passing) {
    const { source: _, ...identity } = { ...raw.pkg, source: null };
    const name = `${raw.image.id} ${countedKey({ ...identity, source: null })} ${raw.vulnerability.id}`;
    if (!findings.has(name)) findings.set(name, raw);
  }
  const groups = new Map<string, Raw[]>();
  for (const [name, raw] of findings) {
    const group = grain === 'finding' ? name : `${raw.image.id} ${raw.vulnerability.id}`;
    groups.set(group, [...(groups.get(group) ?? []), raw]);
  }
  const byMatch = matchCompare(sort);
  const rows = [...groups.values()].map((members) => {
    members.sort(byMatch);
    return { members, first: members[0] as Raw };
  });
  return rows.sort((a, b) => rowCompare(sort, byMatch)(a.first, b.first));
}

function rowCompare(sort: Sort, byMatch: (a: Raw, b: Raw) => number): (a: Raw, b: Raw) => number {
  const sign = sort.descending ? -1 : 1;
  const text = (raw: Raw): string => `${raw.repository.path}\n${raw.image.tag ?? ''}`;
  if (sort.by === 'id') return (a, b) => sign * (a.image.id - b.image.id) || byMatch(a, b);
  if (sort.by === 'image') {
    return (a, b) => sign * (order(text(a), text(b)) || a.image.id - b.image.id) || byMatch(a, b);
  }
  if (sort.by === 'firstSeen') {
    return (a, b) => sign * (a.firstSeen - b.firstSeen) || byMatch(a, b) || a.image.id - b.image.id;
  }
  return (a, b) => byMatch(a, b) || a.image.id - b.image.id;
}

const levels = ['unknown', 'negligible', 'low', 'medium', 'high', 'critical'];

function order<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function matchCompare(sort: Sort): (a: Raw, b: Raw) => number {
  const sign = sort.descending ? -1 : 1;
  const level = (raw: Raw): number => levels.indexOf(raw.match.severity);
  const cvss = (raw: Raw): number => raw.vulnerability.cvssMilli ?? -1;
  const epss = (raw: Raw): number => raw.vulnerability.epssPpm ?? -1;
  const worst = (a: Raw, b: Raw): number =>
    Number(b.vulnerability.kev) - Number(a.vulnerability.kev) ||
    level(b) - level(a) ||
    Math.max(0, cvss(b)) - Math.max(0, cvss(a)) ||
    Math.max(0, epss(b)) - Math.max(0, epss(a));
  const primary: Record<string, (a: Raw, b: Raw) => number> = {
    severity: (a, b) => sign * (level(a) - level(b)),
    cvss: (a, b) => sign * (cvss(a) - cvss(b)),
    epss: (a, b) => sign * (epss(a) - epss(b)),
    vuln: (a, b) => sign * order(a.vulnerability.name, b.vulnerability.name),
    package: (a, b) => sign * order(`${a.pkg.name}\n${a.pkg.version}`, `${b.pkg.name}\n${b.pkg.version}`),
  };
  const first = primary[sort.by] ?? worst;
  return (a, b) => first(a, b) || a.vulnerability.id - b.vulnerability.id || a.pkg.id - b.pkg.id;
}

/** Whether one raw row passes; written from the documentation of the fields. */
function passes(filter: Filter, raw: Raw): boolean {
  if ('and' in filter) return filter.and.every((part) => passes(part, raw));
  if ('or' in filter) return filter.or.some((part) => passes(part, raw));
  if ('not' in filter) return !passes(filter.not, raw);
  return passesTest(filter, raw);
}

function passesTest(test: FieldTest, raw: Raw): boolean {
  const flags: Record<string, boolean> = {
    'image.current': raw.image.until === null,
    'vuln.kev': raw.vulnerability.kev,
    fixable: raw.match.state === 'fixed',
    handled: raw.rule !== null,
  };
  if (test.op === 'is') return flags[test.field] === test.value;
  const numbers: Record<string, number | null> = {
    'image.size': raw.image.size,
    'vuln.cvss': raw.vulnerability.cvssMilli === null ? null : raw.vulnerability.cvssMilli / 1000,
  };
  const number = numbers[test.field];
  if (number !== undefined) {
    const values = test.values as readonly number[];
    if (number === null) return false;
    if (test.op === 'in') return values.includes(number);
    return values.some((value) => (test.op === 'ge' ? number >= value : number <= value));
  }
  const texts: Record<string, readonly (string | null)[]> = {
    'image.uuid': [raw.image.uuid],
    'image.os': [raw.image.osId, `${raw.image.osId}:${raw.image.osVersion}`],
    'image.tag': [raw.image.tag],
    'repository.path': [raw.repository.path],
    'registry.type': [raw.repository.registryId === 1 ? 'acr' : 'harbor'],
    'registry.kind': [raw.repository.registryId === 1 ? 'oci' : 'harbor'],
    'vuln.id': [raw.vulnerability.name, ...raw.vulnerability.aliases],
    'vuln.key': [raw.key],
    'vuln.title': [raw.vulnerability.title],
    'package.name': [raw.pkg.name, raw.pkg.sourceName],
    kind: [raw.pkg.kind],
    severity: [raw.match.severity],
    priority: [raw.match.priority],
    state: [raw.match.state],
    path: [raw.path],
    layer: [raw.layer],
  };
  const own = texts[test.field];
  if (own === undefined) throw new RangeError(`the naive view does not know ${test.field}`);
  return own.some(
    (text) =>
      text !== null &&
      (test.values as readonly string[]).some((value) => {
        if (test.op === 'in') return text === value;
        return test.op === 'prefix' ? text.startsWith(value) : text.toLowerCase().includes(value.toLowerCase());
      }),
  );
}
