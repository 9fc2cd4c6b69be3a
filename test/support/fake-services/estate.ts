import { createHash } from 'node:crypto';
import type { SeverityCounts } from '../../../src/findings/index.ts';
import { noRisks } from '../../../src/findings/index.ts';
import type { InventoryImage, RegistryRecord, RepositoryRecord } from '../../../src/inventory/index.ts';
import type { FindingPackage, FindingView, ImageCounts, ImageView, RiskHit } from '../../../src/service/index.ts';
import { sampleHits } from './hits.ts';

/** What the fake services know; tests may change everything. */
export interface FakeEstate {
  readonly registries: RegistryRecord[];
  readonly images: ImageView[];
  /** Records (image × vulnerability). */
  readonly records: FindingView[];
  /** Findings of detectors. */
  readonly hits?: RiskHit[];
}

const noCounts: SeverityCounts = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0, total: 0, fixable: 0 };

/** Counters of an image without findings. */
export const cleanCounts: ImageCounts = {
  cve: noCounts,
  sca: noCounts,
  baseline: 0,
  malicious: 0,
  sensitive: 0,
  instruction: 0,
  risks: noRisks,
  kev: 0,
  vulnerabilities: 0,
  handledCve: 0,
  handledSca: 0,
  recounting: false,
};

/** A registry; `id` makes its names. */
export function fakeRegistry(id: number, over: Partial<RegistryRecord> = {}): RegistryRecord {
  return {
    id,
    instanceId: `cri-${String(id).padStart(16, '0')}`,
    name: `registry-${id}`,
    kind: 'harbor',
    baseUrl: `https://registry-${id}.example:5000`,
    connectAddress: null,
    region: 'cn-hangzhou',
    projectId: 1,
    username: 'robot',
    hasPassword: true,
    include: [],
    exclude: [],
    references: [],
    schedule: null,
    scansPerHour: null,
    vendor: {},
    insecure: false,
    ca: null,
    state: 'ok',
    stateReason: null,
    abilities: null,
    checkedAt: null,
    syncedAt: null,
    createdAt: Date.UTC(2026, 10, 1),
    updatedAt: Date.UTC(2026, 10, 2),
    ...over,
  };
}

/** A repository of a registry, in project 1. */
export function fakeRepository(
  id: number,
  path: string,
  registry: RegistryRecord,
  over: Partial<RepositoryRecord> = {},
): RepositoryRecord {
  const slash = path.lastIndexOf('/');
  return {
    id,
    extId: `crr-${String(id).padStart(16, '0')}`,
    registryId: registry.id,
    projectId: registry.projectId,
    namespace: slash < 0 ? '' : path.slice(0, slash),
    name: path.slice(slash + 1),
    path,
    public: false,
    ...over,
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A scanned image whose tag points at it; digest and uuid follow from what it is called. */
export function fakeImage(
  id: number,
  repository: RepositoryRecord,
  registry: RegistryRecord,
  tag: string,
  over: Partial<ImageView> = {},
): ImageView {
  const digest = over.digest ?? (`sha256:${sha256(`manifest ${id}`)}` as const);
  const uuid = sha256(`${registry.instanceId}\n${repository.path}\n${tag}\n${digest}`).slice(0, 32);
  const base: InventoryImage = {
    id,
    uuid,
    registry,
    repository,
    tag,
    tagImmutable: false,
    digest,
    manifestId: id,
    indexDigest: null,
    platform: 'linux/amd64',
    configDigest: `sha256:${sha256(`config ${id}`)}`,
    size: 1000 * id,
    createdAt: Date.UTC(2026, 9, 1, 0, 0, id),
    since: Date.UTC(2026, 10, 3, 0, 0, id),
    until: null,
    scan: { state: 'matched', reason: null, at: Date.UTC(2026, 10, 4, 0, 0, id) },
    fixedFrom: null,
  };
  return {
    ...base,
    counts: cleanCounts,
    os: { id: 'debian', versionId: '12', name: 'Debian GNU/Linux 12 (bookworm)' },
    scanProgress: null,
    ...over,
  };
}

/** A package of a finding: an installed Debian package with a published fix. */
export function fakePackage(name: string, over: Partial<FindingPackage> = {}): FindingPackage {
  return {
    purl: `pkg:deb/debian/${name}@1.0-1?arch=amd64&distro=debian-12`,
    type: 'deb',
    name,
    version: '1.0-1',
    arch: 'amd64',
    sourceName: name,
    sourceVersion: '1.0-1',
    fixedVersion: '1.0-2',
    state: 'fixed',
    severity: 'high',
    paths: ['var/lib/dpkg/status'],
    layers: [`sha256:${sha256('layer 1')}`],
    range: '< 1.0-2',
    ...over,
  };
}

/** A record: an open, fixable vulnerability of the operating system in one package. */
export function fakeRecord(
  recordId: number,
  image: Pick<ImageView, 'uuid'>,
  id: string,
  packageName: string,
  over: Omit<Partial<FindingView>, 'vulnerability'> & { vulnerability?: Partial<FindingView['vulnerability']> } = {},
): FindingView {
  const { vulnerability, ...rest } = over;
  return {
    recordId,
    imageUuid: image.uuid,
    packages: [fakePackage(packageName)],
    os: { id: 'debian', versionId: '12' },
    firstSeen: Date.UTC(2026, 10, 4),
    lastSeen: Date.UTC(2026, 10, 5),
    changedAt: Date.UTC(2026, 10, 4),
    handled: null,
    fixing: false,
    fixedBy: null,
    ...rest,
    vulnerability: {
      id,
      aliases: [],
      key: `debian:12:${id}`,
      kind: 'cve',
      title: `${id}:${packageName} is made of holes`,
      severity: 'high',
      priority: 'later',
      cvss: 7.5,
      vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
      epss: 0.01,
      kev: false,
      fixable: true,
      ...vulnerability,
    },
  };
}

const severities = ['critical', 'high', 'medium', 'low', 'unknown'] as const;

/** Sets every image's counters to what its records say: one per package name and version, handled ones apart. */
export function recount(estate: FakeEstate): void {
  for (const [index, image] of estate.images.entries()) {
    const own = estate.records.filter((record) => record.imageUuid === image.uuid);
    const open = own.filter((record) => record.handled === null);
    const of = (kind: 'cve' | 'sca'): SeverityCounts => {
      const rows = open.filter((record) => record.vulnerability.kind === kind).flatMap(expand);
      const by = (level: string): number => rows.filter((row) => row.packages[0]?.severity === level).length;
      const [critical = 0, high = 0, medium = 0, low = 0, unknown = 0] = severities.map(by);
      const fixable = rows.filter((row) => row.packages[0]?.state === 'fixed').length;
      return { critical, high, medium, low, unknown, total: rows.length, fixable };
    };
    const handled = own.filter((record) => record.handled !== null).flatMap(expand);
    estate.images[index] = {
      ...image,
      counts: {
        ...image.counts,
        cve: of('cve'),
        sca: of('sca'),
        kev: open.filter((record) => record.vulnerability.kev).length,
        vulnerabilities: open.length,
        handledCve: handled.filter((row) => row.vulnerability.kind === 'cve').length,
        handledSca: handled.filter((row) => row.vulnerability.kind === 'sca').length,
      },
    };
  }
}

/** A record as findings: one row for each package name and version. */
export function expand(record: FindingView): FindingView[] {
  const rows = new Map(record.packages.map((entry) => [`${entry.name}\n${entry.version}`, entry]));
  return [...rows.values()].map((entry) => ({ ...record, packages: [entry] }));
}

/**
 * Two registries, two projects: `shop/web` (two tags) and `shop/worker` in project 1, `bank/vault` in project 2, and one
 * image that was never scanned.
 */
export function sampleEstate(): FakeEstate {
  const harbor = fakeRegistry(1);
  const quay = fakeRegistry(2, { kind: 'oci', projectId: 2, region: 'eu-1', vendor: { registryType: 'quay' } });
  const web = fakeRepository(1, 'shop/web', harbor);
  const worker = fakeRepository(2, 'shop/worker', harbor, { public: true });
  const vault = fakeRepository(3, 'bank/vault', quay);
  const images = [
    fakeImage(1, web, harbor, '1.4.2'),
    fakeImage(2, web, harbor, '1.4.1'),
    fakeImage(3, worker, harbor, '7'),
    fakeImage(4, vault, quay, 'latest'),
    fakeImage(5, worker, harbor, '8', { scan: { state: 'never', reason: null, at: null }, os: null }),
  ];
  const [one, two, three, four] = images as [ImageView, ImageView, ImageView, ImageView];
  const spring = fakePackage('spring-core', { type: 'maven', purl: 'pkg:maven/org.springframework/spring-core@5.0' });
  const records = [
    fakeRecord(101, one, 'CVE-2026-0001', 'libwebp7', { vulnerability: { priority: 'asap', kev: true } }),
    fakeRecord(102, one, 'CVE-2026-0002', 'libssl3', { packages: [fakePackage('libssl3'), fakePackage('openssl')] }),
    fakeRecord(103, one, 'CVE-2026-0003', 'bash', {
      packages: [fakePackage('bash', { state: 'unfixed', fixedVersion: null, severity: 'low' })],
      vulnerability: { fixable: false, severity: 'low', priority: 'nntf' },
    }),
    fakeRecord(104, one, 'CVE-2026-0004', 'spring-core', {
      packages: [spring],
      vulnerability: { kind: 'sca', key: 'imgsca:java:spring-core:CVE-2026-0004' },
    }),
    fakeRecord(105, one, 'CVE-2026-0005', 'zlib1g', {
      handled: { ruleId: 1, kind: 'whitelist', reason: 'not used', by: 'owner', until: null },
    }),
    fakeRecord(201, two, 'CVE-2026-0001', 'libwebp7', { fixing: true, vulnerability: { priority: 'asap', kev: true } }),
    fakeRecord(301, three, 'CVE-2026-0002', 'libssl3'),
    fakeRecord(401, four, 'CVE-2026-0001', 'libwebp7', { vulnerability: { priority: 'asap', kev: true } }),
  ];
  const estate = { registries: [harbor, quay], images, records, hits: [] as RiskHit[] };
  recount(estate);
  // Of the images as they stand now: hits name them.
  estate.hits.push(...sampleHits(...(images as [ImageView, ImageView, ImageView, ImageView])));
  return estate;
}
