import type { ExportImage, ExportPackage, ExportPlace, ExportSubject, RowFeed, RowKeys } from '../../exports/index.ts';
import type {
  EvidenceFacts,
  FindingFacts,
  FindingRowSource,
  ImageRow,
  ImageRowSource,
  RowBlock,
  RowImage,
  RowPins,
  RowSources,
  RuleFacts,
  VulnerabilityRow,
  VulnerabilityRowSource,
} from '../../findings/index.ts';
import { sortedByImage } from './order.ts';
import type { PinOrder } from './ports.ts';

/** Rows of an order with their number and the state that they come from. */
export interface OpenedRows {
  readonly pins: RowPins;
  readonly matched: number;
  readonly rows: number;
  readonly feed: RowFeed;
}

/** Names of projects by id, as rows show them. */
export type ProjectNames = ReadonlyMap<number, string>;

/**
 * Opens the rows of an order on one consistent state: what is counted and what is fed afterwards are the same rows.
 * @throws QueryError for a filter or sort that cannot be answered
 */
export async function openRows(
  sources: RowSources,
  { spec, projects }: PinOrder,
  names: ProjectNames,
  signal: AbortSignal,
): Promise<OpenedRows> {
  const order = { filter: spec.filter, sort: spec.sort, projects, limit: spec.limit };
  if (spec.subject === 'images') {
    const source = await sources.images(order, null);
    return { pins: source.pins, ...(await source.count(signal)), feed: imageFeed(source, names) };
  }
  if (spec.grain === 'vulnerability') {
    const source = await sources.vulnerabilities(order, null);
    return { pins: source.pins, ...(await source.count(signal)), feed: vulnerabilityFeed(source) };
  }
  const sort = sortedByImage(spec) === null ? spec.sort : undefined;
  const source = await sources.findings({ ...order, sort, grain: spec.grain }, null);
  return { pins: source.pins, ...(await source.count(signal)), feed: findingFeed(source, names, sort === undefined) };
}

function findingFeed(source: FindingRowSource, names: ProjectNames, imagesTogether: boolean): RowFeed {
  return {
    imagesTogether,
    async *batches(signal) {
      for await (const block of source.blocks(null, signal)) yield keysOf(block);
    },
    image: (key) => imageOf(source.image(Number(key)), names),
    subject: (key) => subjectOf(numbers(key).map((number) => source.finding(number))),
    place: (key) => {
      const pairs = numbers(key);
      const evidence = pairs.filter((_, index) => index % 2 === 0).map((number) => source.evidence(number));
      const rules = pairs
        .filter((number, index) => index % 2 === 1 && number >= 0)
        .map((number) => source.rule(number));
      // A record counts as handled when all of its findings are.
      return placeOf(evidence, rules.length * 2 === pairs.length ? rules[0] : undefined);
    },
  };
}

const numbers = (key: string | number): readonly number[] =>
  typeof key === 'number' ? [key] : key.split(',').map(Number);

function keysOf(block: RowBlock): RowKeys[] {
  const rows: RowKeys[] = [];
  for (let row = 0; row < block.count; row++) {
    const from = block.start[row] ?? 0;
    const to = block.start[row + 1] ?? from;
    let subject: number | string = block.finding[from] ?? -1;
    let place = `${block.evidence[from]},${block.rule[from]}`;
    let firstSeen = block.firstSeen[from] ?? 0;
    for (let at = from + 1; at < to; at++) {
      subject = `${subject},${block.finding[at]}`;
      place += `,${block.evidence[at]},${block.rule[at]}`;
      firstSeen = Math.min(firstSeen, block.firstSeen[at] ?? firstSeen);
    }
    rows.push({ image: block.image[row] ?? -1, subject, place, firstSeen });
  }
  return rows;
}

function imageFeed(source: ImageRowSource, names: ProjectNames): RowFeed {
  const facts = new Map<number, ImageRow>();
  return {
    imagesTogether: false,
    async *batches(signal) {
      let next = 0;
      for await (const { rows } of source.blocks(null, signal)) {
        facts.clear();
        yield rows.map((row): RowKeys => {
          facts.set(next, row);
          return { image: next++, subject: null, place: null, firstSeen: null };
        });
      }
    },
    image: (key) => {
      const row = facts.get(Number(key)) as ImageRow;
      return { ...imageOf(row, names), counts: countsOf(row) };
    },
    subject: () => absent(),
    place: () => absent(),
  };
}

function vulnerabilityFeed(source: VulnerabilityRowSource): RowFeed {
  const facts = new Map<number, VulnerabilityRow>();
  return {
    imagesTogether: false,
    async *batches(signal) {
      let next = 0;
      for await (const { rows } of source.blocks(null, signal)) {
        facts.clear();
        yield rows.map((row): RowKeys => {
          facts.set(next, row);
          return { image: null, subject: next++, place: null, firstSeen: null };
        });
      }
    },
    subject: (key) => {
      const row = facts.get(Number(key)) as VulnerabilityRow;
      return { ...subjectOf([row.facts]), packages: [], estate: row };
    },
    image: () => absent(),
    place: () => absent(),
  };
}

function absent(): never {
  throw new Error('rows of this kind have no such facts');
}

function imageOf(image: RowImage, names: ProjectNames): ExportImage {
  return {
    uuid: image.uuid,
    project: names.get(image.repository.projectId) ?? String(image.repository.projectId),
    registry: image.registry.name,
    registryInstanceId: image.registry.instanceId,
    repository: image.repository.path,
    tag: image.tag,
    digest: image.digest,
    indexDigest: image.indexDigest,
    configDigest: image.configDigest,
    platform: image.platform,
    os: image.os?.id ?? null,
    osVersion: image.os?.versionId ?? null,
    size: image.size,
    createdAt: image.createdAt,
    since: image.since,
    current: image.until === null,
    scanState: image.scan.state,
    scanReason: image.scan.reason === null ? null : `${image.scan.reason.code}: ${image.scan.reason.message}`,
    scannedAt: image.scan.at,
    counts: null,
  };
}

function countsOf({ counts }: ImageRow): ExportImage['counts'] {
  return {
    cve: counts.cve,
    sca: counts.sca,
    kev: counts.kev,
    vulnerabilities: counts.vulnerabilities,
    baseline: counts.risks.baseline.total,
    malicious: counts.risks.malicious.total,
    sensitive: counts.risks.sensitive.total,
  };
}

function subjectOf(findings: readonly FindingFacts[]): ExportSubject {
  const [worst] = findings as readonly [FindingFacts];
  return {
    id: worst.vulnerability,
    key: worst.key,
    aliases: worst.aliases,
    kind: worst.kind,
    title: worst.title ?? `${worst.vulnerability}:${worst.packageName}`,
    description: null,
    severity: worst.severity,
    priority: worst.priority,
    cvss: worst.cvss,
    vector: worst.vector,
    epss: worst.epss,
    kev: worst.kev,
    fixable: findings.some(({ state }) => state === 'fixed'),
    published: null,
    packages: findings.map(packageOf),
    estate: null,
  };
}

function packageOf(found: FindingFacts): ExportPackage {
  return {
    purl: found.purl,
    type: found.packageType,
    name: found.packageName,
    version: found.packageVersion,
    arch: found.arch,
    sourceName: found.sourceName,
    sourceVersion: found.sourceVersion,
    fixedVersion: found.fixedVersion,
    state: found.state,
  };
}

function placeOf(evidence: readonly EvidenceFacts[], rule: RuleFacts | undefined): ExportPlace {
  return {
    paths: [...new Set(evidence.map(({ path }) => path))],
    layers: [...new Set(evidence.map(({ layer }) => layer))],
    handled: rule === undefined ? null : { kind: rule.kind, reason: rule.reason, by: rule.by },
  };
}
