import type { ImageRow, InventoryImage, RegistryRecord, RepositoryRecord } from '../../../inventory/index.ts';
import { keyText, priorityNames, severityNames, stateNames, stateUnimportant } from '../estate/parts.ts';
import type { Snapshot } from '../estate/snapshot.ts';
import type { EstatePackage, EstateRule, EstateVulnerability } from '../ports.ts';
import type { EvidenceFacts, FindingFacts, RowImage } from '../row-source.ts';
import type { Row } from './row-order.ts';

/** One package of a finding with all places of the image that record it. */
export interface DescribedPackage {
  readonly pkg: EstatePackage;
  readonly severity: FindingFacts['severity'];
  readonly state: FindingFacts['state'];
  readonly priority: FindingFacts['priority'];
  readonly fixedVersion: string | null;
  readonly range: string | null;
  readonly evidence: readonly EvidenceFacts[];
  readonly rule: EstateRule | null;
  readonly firstSeen: number;
}

/** A row with everything that is known of it. */
export interface DescribedRow {
  readonly image: RowImage;
  readonly vulnerability: EstateVulnerability;
  readonly key: string;
  readonly kind: 'cve' | 'sca';
  /** At the grain `finding` the match that stands for the row comes first, else the worst that counts. */
  readonly packages: readonly DescribedPackage[];
  /** uuid of a current image that was made from this one by a fix and does not have it. */
  readonly fixedBy: string | null;
}

/** An inventory image as the index holds it. */
export function describeImage(snapshot: Snapshot, slot: number): RowImage {
  const { images } = snapshot;
  const row = images.rows.at(slot) as ImageRow;
  const repository = images.repositories[images.repository[slot] as number] as RepositoryRecord;
  const { id, uuid, tag, tagImmutable, digest, manifestId, indexDigest, configDigest } = row;
  const { size, createdAt, since, until } = row;
  return {
    ...{ id, uuid, tag, tagImmutable, digest, manifestId, indexDigest, configDigest },
    ...{ size, createdAt, since, until },
    registry: images.registries.get(row.registryId) as RegistryRecord,
    repository,
    platform: platformOf(row),
    scan: {
      state: row.scanState,
      reason: row.scanCode === null ? null : { code: row.scanCode, message: row.scanMessage ?? '' },
      at: row.scannedAt,
    },
    fixedFrom: row.fixedFromId === null ? null : (imageById(snapshot, row.fixedFromId)?.uuid ?? null),
    os: row.osId === null ? null : { id: row.osId, versionId: row.osVersion, name: row.osName },
    latest: images.latest[slot] === 1,
  };
}

function platformOf({ os, arch, variant }: ImageRow): InventoryImage['platform'] {
  if (os === null || arch === null) return null;
  return variant === null ? `${os}/${arch}` : `${os}/${arch}/${variant}`;
}

/** Slot of an image by its id; -1 = not in the snapshot. */
export function slotOfImage(snapshot: Snapshot, id: number): number {
  const { rows } = snapshot.images;
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows.id(middle) < id) low = middle + 1;
    else high = middle;
  }
  return low < rows.length && rows.id(low) === id ? low : -1;
}

function imageById(snapshot: Snapshot, id: number): ImageRow | undefined {
  return snapshot.images.rows.at(slotOfImage(snapshot, id));
}

/** The static facts of a match. */
export function describeMatch(snapshot: Snapshot, match: number): FindingFacts {
  const { matches } = snapshot;
  const pkg = matches.packages[matches.package[match] as number] as EstatePackage;
  const vulnerability = matches.vulnerabilities[matches.vulnerability[match] as number] as EstateVulnerability;
  return {
    vulnerability: vulnerability.name,
    key: keyText(matches, matches.key[match] as number),
    aliases: vulnerability.aliases,
    title: vulnerability.title,
    kind: pkg.kind,
    severity: severityNames[matches.severity[match] as number] ?? 'unknown',
    priority: priorityNames[matches.priority[match] as number] ?? 'nntf',
    state: stateNames[matches.state[match] as number] ?? 'unfixed',
    cvss: vulnerability.cvssMilli === null ? null : vulnerability.cvssMilli / 1000,
    vector: vulnerability.vector,
    epss: vulnerability.epssPpm === null ? null : vulnerability.epssPpm / 1e6,
    kev: vulnerability.kev,
    purl: pkg.purl,
    packageType: pkg.type,
    packageName: pkg.name,
    packageVersion: pkg.version,
    arch: pkg.arch,
    sourceName: pkg.sourceName,
    sourceVersion: pkg.sourceVersion,
    fixedVersion: matches.fixedVersion[match] ?? null,
    range: matches.range[match] ?? null,
  };
}

/** Everything of a row: at the grain `record` all packages of the image that have the vulnerability, filtered or not. */
export function describeRow(snapshot: Snapshot, row: Row, grain: 'finding' | 'record'): DescribedRow {
  const { matches } = snapshot;
  const vulnerability = matches.vulnerability[row.match] as number;
  const identity = matches.identity[matches.package[row.match] as number];
  const places = matchesInImage(snapshot, row.image, vulnerability);
  const chosen = [...places.keys()].filter(
    (match) => grain === 'record' || matches.identity[matches.package[match] as number] === identity,
  );
  // A record looks the same in every list and by its id, whichever of its matches a filter has found.
  const leads = (match: number): number => Number(grain === 'finding' && match === row.match);
  chosen.sort((a, b) => leads(b) - leads(a) || severityOrder(snapshot, a, b));
  const first = chosen[0] ?? row.match;
  return {
    image: describeImage(snapshot, row.image),
    vulnerability: matches.vulnerabilities[vulnerability] as EstateVulnerability,
    key: keyText(matches, matches.key[first] as number),
    kind: matches.isCve[first] === 1 ? 'cve' : 'sca',
    packages: chosen.map((match) => describePackage(snapshot, row.image, match, places.get(match) ?? [])),
    fixedBy: fixedBy(snapshot, row.image, vulnerability),
  };
}

/** What counts first, then the worst, then by id. */
function severityOrder({ matches }: Snapshot, a: number, b: number): number {
  const counted = (match: number): number => Number(matches.state[match] === stateUnimportant);
  return (
    counted(a) - counted(b) ||
    (matches.severity[a] as number) - (matches.severity[b] as number) ||
    (matches.packages[matches.package[a] as number]?.id ?? 0) -
      (matches.packages[matches.package[b] as number]?.id ?? 0)
  );
}

function describePackage(
  snapshot: Snapshot,
  image: number,
  match: number,
  evidence: readonly number[],
): DescribedPackage {
  const { matches, contents, images, rules } = snapshot;
  const facts = describeMatch(snapshot, match);
  const rule = rules.ruleOf(image, match);
  const scanned = contents.firstScannedAt[images.content[image] as number] as number;
  return {
    pkg: matches.packages[matches.package[match] as number] as EstatePackage,
    severity: facts.severity,
    state: facts.state,
    priority: facts.priority,
    fixedVersion: facts.fixedVersion,
    range: facts.range,
    evidence: evidence.map((number) => contents.evidenceFacts.at(number) as EvidenceFacts),
    rule: rule < 0 ? null : (rules.rules[rule] as EstateRule),
    firstSeen: Math.max(scanned, matches.openedAt[match] as number),
  };
}

/** Open matches of a vulnerability in an image, each with the numbers of its evidence. */
export function matchesInImage(snapshot: Snapshot, image: number, vulnerability: number): Map<number, number[]> {
  const { images, contents, sets, matches } = snapshot;
  const found = new Map<number, number[]>();
  const content = images.content[image] as number;
  if (content < 0) return found;
  const evidence = contents.evidence.row(content);
  contents.sets.row(content).forEach((set, at) => {
    for (const pkg of sets.packages.row(set)) {
      for (const match of matches.ofPackage.row(pkg)) {
        if (matches.vulnerability[match] !== vulnerability) continue;
        const places = found.get(match);
        if (places === undefined) found.set(match, [evidence[at] as number]);
        else places.push(evidence[at] as number);
      }
    }
  });
  return found;
}

const fixes = new WeakMap<Snapshot['images'], ReadonlyMap<number, readonly number[]>>();

function fixedBy(snapshot: Snapshot, image: number, vulnerability: number): string | null {
  const { images } = snapshot;
  let bySource = fixes.get(images);
  if (bySource === undefined) {
    const made = new Map<number, number[]>();
    for (let slot = 0; slot < images.count; slot++) {
      const source = images.rows.number('fixedFromId', slot);
      if (source !== null) made.set(source, [...(made.get(source) ?? []), slot]);
    }
    bySource = made;
    fixes.set(images, bySource);
  }
  const made = bySource.get(images.rows.id(image)) ?? [];
  const clean = made.findLast(
    (slot) =>
      images.current[slot] === 1 &&
      (images.content[slot] as number) >= 0 &&
      matchesInImage(snapshot, slot, vulnerability).size === 0,
  );
  return clean === undefined ? null : images.rows.uuid(clean);
}
