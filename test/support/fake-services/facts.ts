import type {
  FindingService,
  FindingView,
  ImageService,
  ImageView,
  RepositoryView,
  VulnerabilityDetail,
} from '../../../src/service/index.ts';
import { expand, type FakeEstate } from './estate.ts';
import { listed, matches, paged, visible } from './matching.ts';

type Filter = Parameters<typeof matches>[0];
type Call = Parameters<ImageService['byUuids']>[0];

const sum = (rows: readonly ImageView[], of: (row: ImageView) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);
const isAtRisk = ({ counts }: ImageView): boolean =>
  counts.cve.total + counts.sca.total + counts.baseline + counts.malicious + counts.sensitive > 0;

/** Images out of an estate in memory, ordered by id. */
export function fakeImages(estate: FakeEstate): ImageService {
  const select = (call: Call, filter: Filter): ImageView[] =>
    estate.images.filter((image) => listed(call, filter, image) && matches(filter, image));
  return {
    page: async (call, { filter, page }) => paged(select(call, filter), page),
    byUuids: async (call, uuids) =>
      [...new Set(uuids)].flatMap((uuid) =>
        estate.images.filter((image) => image.uuid === uuid && visible(call, image.repository.projectId)),
      ),
    byDigest: async (call, digest, limit) =>
      estate.images
        .filter((image) => image.digest === digest && visible(call, image.repository.projectId))
        .slice(0, limit),
    repositories: async (call, { filter, page }) => {
      const groups = Map.groupBy(select(call, filter), (image) => image.repository.id);
      return paged([...groups.values()].map(repositoryView), page);
    },
    securityCounts: async (call, filter, handled) => {
      const rows = select(call, filter);
      const open = handled !== true;
      const done = handled !== false;
      return {
        cve: sum(rows, ({ counts }) => (open ? counts.cve.total : 0) + (done ? counts.handledCve : 0)),
        sca: sum(rows, ({ counts }) => (open ? counts.sca.total : 0) + (done ? counts.handledSca : 0)),
        baseline: open ? sum(rows, ({ counts }) => counts.baseline) : 0,
        malicious: open ? sum(rows, ({ counts }) => counts.malicious) : 0,
      };
    },
    statistics: async (call, filter) => statistics(select(call, filter)),
    report: async (_call, uuid) => (estate.images.some((image) => image.uuid === uuid) ? { schemaVersion: 1 } : null),
    tagHistory: async (_call, uuid) =>
      estate.images
        .filter((image) => image.uuid === uuid)
        .map(({ tag, digest, since }) => ({ tag: tag ?? '', digest, at: since, source: 'poll', actor: null })),
  };
}

function repositoryView(rows: readonly ImageView[]): RepositoryView {
  const [first] = rows as readonly [ImageView];
  return {
    ...first.repository,
    registry: first.registry,
    images: rows.length,
    imagesAtRisk: rows.filter(isAtRisk).length,
    vulnerabilities: sum(rows, ({ counts }) => counts.cve.total + counts.sca.total),
    baseline: sum(rows, ({ counts }) => counts.baseline),
    alarms: sum(rows, ({ counts }) => counts.malicious + counts.sensitive),
  };
}

function statistics(rows: readonly ImageView[]): Awaited<ReturnType<ImageService['statistics']>> {
  const scanned = rows.filter((image) => image.scan.at !== null);
  const worst = ({ counts }: ImageView): string =>
    (['critical', 'high', 'medium', 'low', 'unknown'] as const).find(
      (level) => counts.cve[level] + counts.sca[level] > 0,
    ) ?? 'none';
  const level = (name: string): number => scanned.filter((image) => worst(image) === name).length;
  const states = Map.groupBy(rows, (image) => image.scan.state);
  return {
    images: rows.length,
    scanned: scanned.length,
    byState: Object.fromEntries([...states].map(([state, members]) => [state, members.length])),
    bySeverity: {
      critical: level('critical'),
      high: level('high'),
      medium: level('medium'),
      low: level('low'),
      unknown: level('unknown'),
      none: level('none'),
    },
    atRisk: rows.filter(isAtRisk).length,
    withVulnerabilities: rows.filter(({ counts }) => counts.cve.total + counts.sca.total > 0).length,
  };
}

/** Findings out of an estate in memory, ordered by image and record id. */
export function fakeFindings(estate: FakeEstate): FindingService {
  const select = (call: Call, filter: Filter): FindingView[] =>
    estate.records.filter((record) => {
      const image = estate.images.find(({ uuid }) => uuid === record.imageUuid);
      return image !== undefined && listed(call, filter, image) && matches(filter, image, record);
    });
  const atGrain = (rows: readonly FindingView[], grain: string): readonly FindingView[] =>
    grain === 'finding' ? rows.flatMap(expand) : rows;
  const grouped = (rows: readonly FindingView[]): FindingView[][] => [
    ...Map.groupBy(rows, (row) => row.vulnerability.key).values(),
  ];
  return {
    page: async (call, { filter, grain, page }) => paged(atGrain(select(call, filter), grain), page),
    count: async (call, filter, grain) =>
      grain === 'vulnerability' ? grouped(select(call, filter)).length : atGrain(select(call, filter), grain).length,
    vulnerabilities: async (call, { filter, page }) =>
      paged(
        grouped(select(call, filter)).map((rows) => {
          const findings = rows.flatMap(expand);
          const open = findings.filter((row) => row.handled === null);
          const of = (priority: string): number => open.filter((row) => row.vulnerability.priority === priority).length;
          return {
            ...(rows[0] as FindingView).vulnerability,
            images: new Set(rows.map((row) => row.imageUuid)).size,
            asap: of('asap'),
            later: of('later'),
            nntf: of('nntf'),
            handledFindings: findings.length - open.length,
            openFindings: open.length,
            firstSeen: Math.min(...rows.map((row) => row.firstSeen)),
            lastSeen: Math.max(...rows.map((row) => row.lastSeen)),
          };
        }),
        page,
      ),
    vulnerability: async (call, keyOrId) => {
      const found = select(call, undefined).find(({ vulnerability: { id, key } }) => key === keyOrId || id === keyOrId);
      if (found === undefined) return null;
      const detail: VulnerabilityDetail = {
        ...found.vulnerability,
        published: Date.UTC(2026, 0, 1),
        description: 'A description.',
        advisories: ['DSA-0001-1'],
        links: ['https://security-tracker.example/advisory'],
      };
      return detail;
    },
    records: async (call, ids) =>
      estate.records.filter((record) => {
        const image = estate.images.find(({ uuid }) => uuid === record.imageUuid);
        return ids.includes(record.recordId) && image !== undefined && visible(call, image.repository.projectId);
      }),
    packages: async (call, imageUuid, { page }) => {
      const rows = select(call, { field: 'image.uuid', op: 'in', values: [imageUuid] }).flatMap(expand);
      return paged(
        packagesOf(rows).map(({ images: _images, ...row }) => ({ ...row, paths: [] })),
        page,
      );
    },
    imagesWithPackage: async (call, { name, page }) => {
      const rows = select(call, undefined).filter(({ packages }) => packages.some((pkg) => pkg.name === name));
      return paged([...new Set(rows.map(({ imageUuid }) => imageUuid))], page);
    },
    estatePackages: async (call, { page }) => paged(packagesOf(select(call, undefined).flatMap(expand)), page),
  };
}

function packagesOf(rows: readonly FindingView[]): {
  purl: string;
  type: string;
  name: string;
  version: string;
  images: number;
  findings: number;
}[] {
  return [...Map.groupBy(rows, (row) => row.packages[0]?.purl ?? '')].map(([purl, members]) => {
    const { type = '', name = '', version = '' } = members[0]?.packages[0] ?? {};
    const images = new Set(members.map((row) => row.imageUuid)).size;
    return { purl, type, name, version, images, findings: members.length };
  });
}
