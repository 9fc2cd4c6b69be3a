import { createFindingsStore } from '../../src/adapters/sql/findings/index.ts';
import type { Db } from '../../src/adapters/sql/index.ts';
import { createInventoryStore } from '../../src/adapters/sql/inventory/index.ts';
import type { AdvisoryIndex, ChangedKey, VulnerabilityMatch } from '../../src/advisories/index.ts';
import type { Ecosystem } from '../../src/ecosystems/index.ts';
import { derivedPurl, plainPackage, type RiskFinding, type ScanReport } from '../../src/findings/index.ts';
import type { Digest } from '../../src/image/index.ts';
import type { Job, NewJob } from '../../src/jobs/index.ts';
import { createReportIngest, rematch } from '../../src/service/index.ts';
import { toyAbout } from './toy-about.ts';

/** A small world with two packaging worlds whose versions are whole numbers. */
const numbers = {
  id: 'numbers',
  valid: (text: string) => /^[0-9]+$/.test(text),
  compare: (a: string, b: string) => Number(a) - Number(b),
};

/** Operating-system packages go by source package and release, application packages by name. */
export const toyEcosystems: readonly Ecosystem[] = [
  {
    id: 'dpkg',
    types: ['deb'],
    kind: 'cve',
    about: toyAbout,
    catalogers: [],
    versions: numbers,
    advisoryKeys: (pkg, os) => {
      const { name, version } = pkg.source ?? pkg;
      return os === undefined ? [] : [{ ecosystem: `Debian:${os.versionId}`, on: 'source', name, version }];
    },
  },
  {
    id: 'npm',
    types: ['npm'],
    kind: 'sca',
    about: toyAbout,
    catalogers: [],
    versions: numbers,
    advisoryKeys: ({ name, version }) => [{ ecosystem: 'npm', on: 'binary', name, version }],
  },
];

/** Everything before `fixed` is affected; null = every version, and no fix. */
export interface ToyAdvisory {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly ecosystem: string;
  readonly name: string;
  readonly fixed: string | null;
  readonly level: VulnerabilityMatch['severity']['level'];
  readonly score: number | null;
  readonly unimportant: boolean;
  readonly title: string | null;
}

/** Advisories of one day, and what the lists of exploited vulnerabilities say. */
export interface ToySnapshot {
  readonly id: string;
  readonly advisories: readonly ToyAdvisory[];
  readonly kev: readonly string[];
  readonly epss: Readonly<Record<string, number>>;
}

/** An index over a snapshot. */
export function toyIndex(snapshot: ToySnapshot): AdvisoryIndex {
  const scores = (id: string) => ({
    kev: snapshot.kev.includes(id),
    epss: snapshot.epss[id] === undefined ? null : { score: snapshot.epss[id], percentile: snapshot.epss[id] },
  });
  let open = true;
  return {
    snapshot: { id: snapshot.id, createdAt: '2026-01-01T00:00:00.000Z', origin: 'imported', sources: [] },
    covers: () => true,
    match(packages, os) {
      if (!open) throw new TypeError('these advisories were closed');
      const matches: VulnerabilityMatch[] = [];
      for (const pkg of packages) {
        const world = toyEcosystems.find(({ types }) => types.includes(pkg.type));
        for (const key of world?.advisoryKeys(pkg, os) ?? []) {
          for (const advisory of snapshot.advisories) {
            if (advisory.ecosystem !== key.ecosystem || advisory.name !== key.name) continue;
            if (advisory.fixed !== null && Number(key.version) >= Number(advisory.fixed)) continue;
            const { kev, epss } = scores(advisory.id);
            matches.push(toyMatch(advisory, pkg, key, kev, epss));
          }
        }
      }
      return { matches, unmatched: [], malicious: [] };
    },
    predictions: (cves) =>
      new Map(cves.map((id) => [id, scores(id)] as const).filter(([, { kev, epss }]) => kev || epss !== null)),
    [Symbol.dispose]() {
      open = false;
    },
  };
}

function toyMatch(
  advisory: ToyAdvisory,
  pkg: VulnerabilityMatch['package'],
  key: { readonly ecosystem: string; readonly on: 'source' | 'binary' },
  kev: boolean,
  epss: VulnerabilityMatch['epss'],
): VulnerabilityMatch {
  const { id, aliases, fixed, level, score, unimportant, title } = advisory;
  const likely = fixed !== null && !unimportant && epss !== null && epss.score >= 0.1;
  const severe = !unimportant && (level === 'high' || level === 'critical');
  return {
    ...{ id, aliases, package: pkg, fixedVersion: fixed, kev, epss, title },
    state: unimportant ? 'unimportant' : fixed === null ? 'unfixed' : 'fixed',
    severity: { level, source: 'toy', score, vector: score === null ? null : `toy:${score}` },
    priority: kev || likely ? 'asap' : severe ? 'later' : 'nntf',
    priorityReason: 'not stored',
    match: {
      advisory: `TOY-${id}`,
      ecosystem: key.ecosystem,
      range: fixed === null ? '>= 0' : `< ${fixed}`,
      on: key.on,
    },
  };
}

/** Names whose advisories differ: what the comparison of two index files would tell. */
export function toyChangedKeys(before: ToySnapshot, after: ToySnapshot): ChangedKey[] {
  const texts = ({ advisories }: ToySnapshot): Map<string, string> => {
    const groups = Map.groupBy(advisories, ({ ecosystem, name }) => JSON.stringify([ecosystem, name]));
    return new Map([...groups].map(([key, own]) => [key, JSON.stringify(own)]));
  };
  const [old, now] = [texts(before), texts(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((key) => old.get(key) !== now.get(key))
    .map((key) => JSON.parse(key) as [string, string])
    .map(([ecosystem, name]) => ({ ecosystem, name }));
}

/** A package of an image, with the places where it is recorded. */
export interface ToyPackage {
  readonly type: 'deb' | 'npm';
  readonly name: string;
  readonly version: string;
  readonly arch: string | null;
  readonly source: { readonly name: string; readonly version: string } | null;
  readonly places: readonly { readonly path: string; readonly layer: number }[];
}

/** An image by its number, which makes its digest. */
export interface ToyImage {
  readonly number: number;
  readonly release: string;
  readonly packages: readonly ToyPackage[];
  /** What detectors found, in the order of reports; absent: none was asked. */
  readonly risks?: readonly RiskFinding[];
  /** What was looked for; absent: everything where there are risks, else vulnerabilities. */
  readonly scanners?: ScanReport['scan']['scanners'];
}

/** Digest made of a number. */
export function toyDigest(number: number): Digest {
  return `sha256:${number.toString(16).padStart(64, '0')}`;
}

/** The report of a scan that saw these packages; its vulnerabilities and counts are not looked at. */
export function toyReport({ number, release, packages, risks, scanners }: ToyImage, at = 1_000): ScanReport {
  const os = { id: 'debian', versionId: release, prettyName: `Debian ${release}`, endOfLife: null };
  const none = { high: 0, medium: 0, low: 0, total: 0 };
  const severities = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0, total: 0, fixable: 0 };
  const layers = [...new Set(packages.flatMap(({ places }) => places.map(({ layer }) => layer)))].sort();
  const entries = packages.map(({ places, ...pkg }) => {
    const own = { ...pkg, kind: pkg.type === 'deb' ? ('cve' as const) : ('sca' as const) };
    const identity = {
      ...own,
      release: pkg.type === 'deb' ? { id: 'debian', versionId: release, codename: null } : null,
    };
    const locations = places.map(({ path, layer }) => ({ path, layer: toyDigest(layer) }));
    return { ...pkg, purl: derivedPurl(identity), locations, ownedBy: null, ...plainPackage };
  });
  return {
    schemaVersion: 1,
    tool: { name: 'drydock', version: '0' },
    scan: {
      ...{ startedAt: new Date(at).toISOString(), finishedAt: new Date(at).toISOString() },
      ...{ layersRead: 1, layersCached: 0, bytesRead: 1, state: 'complete' },
      scanners: scanners ?? (risks === undefined ? ['vuln'] : ['vuln', 'malware', 'secret', 'baseline']),
    },
    image: {
      ...{ reference: 'registry.example/team/app:1', digest: toyDigest(number), indexDigest: null },
      ...{ configDigest: toyDigest(number + 500_000), platform: 'linux/amd64', created: null, size: 1, os },
      base: null,
      layers: layers.map((layer) => ({
        ...{ digest: toyDigest(layer), diffId: toyDigest(layer), size: 1, createdBy: null, base: null },
      })),
    },
    advisories: { snapshot: 'of the scan', createdAt: '2026-01-01T00:00:00.000Z', origin: 'imported', sources: [] },
    counts: {
      ...{ cve: severities, sca: severities, baseline: none, instruction: none, sensitive: none },
      malicious: { serious: 0, suspicious: 0, remind: 0, total: 0 },
    },
    packages: entries.toSorted((a, b) => (a.purl < b.purl ? -1 : a.purl > b.purl ? 1 : 0)),
    findings: risks ?? [],
    checks: { passed: [], notApplicable: [], unknown: [], disabled: [] },
    diagnostics: [],
  };
}

/** A store with an inventory, and the use cases over it. */
export async function factsWorld(db: Db) {
  let time = 1_000_000;
  const clock = { now: () => new Date(time++) };
  const inventory = createInventoryStore(db);
  const store = createFindingsStore(db, clock);
  const queued: NewJob[] = [];
  const queue = {
    enqueue: async (job: NewJob) => {
      queued.push(job);
      return { job: { ...job, id: 'job' } as unknown as Job, created: true };
    },
  };
  const registries = new Map<number, number>();
  let repository: { id: number } | undefined;
  const snapshots = new Map<string, ToySnapshot>();
  let active: ToySnapshot = { id: 's0', advisories: [], kev: [], epss: {} };
  snapshots.set(active.id, active);

  async function addImage(number: number, tag = `t${number}`): Promise<void> {
    if (registries.has(number)) return;
    registries.set(number, number);
    repository ??= await firstRepository(inventory);
    const digest = toyDigest(number);
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const image = {
      ...{ digest, mediaType, manifestSize: 1, configDigest: null, os: null, arch: null, variant: null },
      ...{ createdAt: null, size: null, refused: null },
    };
    const root = { digest, kind: 'image' as const, mediaType, size: 1, images: [image] };
    const observed = [{ tag, root, observedAt: time++ }];
    await inventory.applyTags(repository.id, observed, { source: 'poll', actor: null });
  }

  return {
    ...{ db, store, inventory, clock, queued, queue, snapshots, addImage },
    active: () => active,
    /** Makes advisories active, as an update of the advisories does. */
    activate(snapshot: ToySnapshot) {
      active = snapshot;
      snapshots.set(snapshot.id, snapshot);
    },
    /** Scans an image with advisories that were active at some time. */
    async scan(image: ToyImage, snapshot = active, at = 1_000) {
      await addImage(image.number);
      const index = (): AdvisoryIndex => toyIndex(snapshot);
      const ingest = createReportIngest({ store, ecosystems: toyEcosystems, clock, queue, index });
      return ingest.take(toyReport(image, at), { analysers: 1 });
    },
    async rematch(options: { full?: boolean; before?: () => Promise<void> } = {}) {
      const advisories = {
        open: async () => toyIndex(active),
        async changedKeys(before: string, after: string) {
          await options.before?.();
          const [old, now] = [snapshots.get(before), snapshots.get(after)];
          return old === undefined || now === undefined ? ('all' as const) : toyChangedKeys(old, now);
        },
      };
      const signal = new AbortController().signal;
      const run = { full: options.full ?? false, at: time++, signal, progress: () => undefined };
      return rematch({ store, advisories, ecosystems: toyEcosystems }, run);
    },
    async recountAll() {
      while ((await store.recount(1_000)) > 0);
    },
  };
}

/** Adds a registry and sees one repository in it, `team/app`. */
export async function firstRepository(inventory: ReturnType<typeof createInventoryStore>): Promise<{ id: number }> {
  const nothing = {
    username: null,
    password: null,
    connectAddress: null,
    schedule: null,
    scansPerHour: null,
    ca: null,
  };
  const registry = await inventory.insertRegistry(
    {
      ...nothing,
      ...{ name: 'main', kind: 'oci', baseUrl: 'https://registry.example', region: 'local', projectId: 1 },
      ...{ include: [], exclude: [], references: [], vendor: {}, insecure: false, scanNew: false },
    },
    1,
  );
  const seen = await inventory.seeRepositories(registry?.id ?? 0, [{ path: 'team/app', public: false }], 1, 1);
  const [repository] = seen;
  if (repository === undefined) throw new TypeError('no repository');
  return repository;
}
