import type { SeverityLevel } from '../../src/advisories/index.ts';
import type {
  AppliedChange,
  Fixer,
  FixPlan,
  Outcome,
  Rejection,
  Upgrade,
  VersionScheme,
} from '../../src/ecosystems/index.ts';
import type { ReportPackage, ScanReport, SeverityCounts, VulnerabilityFinding } from '../../src/findings/index.ts';
import { digestOf, type ImageHandle, type ImageView, type LayerWriter, openImageView } from '../../src/image/index.ts';

/** A toy packaging world: `name version` lines in one file, whole numbers as versions. */
export const toyDatabase = 'var/lib/toy/db';

/** One vulnerability of the toy world: versions below `fixed` are affected; null = no fix is published. */
export interface ToyAdvisory {
  readonly id: string;
  readonly package: string;
  readonly fixed: number | null;
  readonly level: SeverityLevel;
  /** First version that has the flaw, when an upgrade is to bring it in. */
  readonly since?: number;
}

/** What a test decides about the toy world; may be changed between runs. */
export interface ToyWorld {
  advisories: ToyAdvisory[];
  /** Versions in the repository. */
  available: Record<string, number>;
  /** What `fetch` cannot get. */
  missing: Record<string, Rejection['outcome']>;
  /** What `prepare` refuses. */
  refused: Record<string, Rejection['outcome']>;
  /** Problems that the self-check finds. */
  problems: string[];
  unsupported: string | undefined;
  snapshot: { id: string; createdAt: string };
  /** Lets an upgrade write an older version than planned, as a broken engine would. */
  writes?: (name: string, planned: number) => number;
}

/** A world in which `libfoo` 1 has a high flaw that 2 repairs. */
export function toyWorld(change: Partial<ToyWorld> = {}): ToyWorld {
  return {
    advisories: [{ id: 'CVE-2024-0001', package: 'libfoo', fixed: 2, level: 'high' }],
    available: { libfoo: 2 },
    missing: {},
    refused: {},
    problems: [],
    unsupported: undefined,
    snapshot: { id: 'snapshot-1', createdAt: '2024-01-01T00:00:00Z' },
    ...change,
  };
}

/** Version order of the toy world. */
export const toyVersions: VersionScheme = {
  id: 'toy',
  valid: (version) => /^\d+$/.test(version),
  compare: (a, b) => Number(a) - Number(b),
};

/** The database file with these packages. */
export function toyFile(packages: Readonly<Record<string, number>>): string {
  return Object.entries(packages)
    .map(([name, version]) => `${name} ${version}\n`)
    .join('');
}

/** Packages of a view. */
export function readToy(view: ImageView): Map<string, number> {
  const text = Buffer.from(view.small(toyDatabase) ?? '').toString();
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(' '))
      .map(([name = '', version]) => [name, Number(version)]),
  );
}

/** Repairs toy images; reads the world anew at every call. */
export function createToyFixer(world: ToyWorld): Fixer {
  return {
    ecosystem: 'toy',
    interest: (path) => path === toyDatabase,
    inspect: (view) => {
      if (world.unsupported !== undefined) {
        return { supported: false, reason: 'unsupported', detail: world.unsupported };
      }
      return view.entry(toyDatabase)
        ? { supported: true, layout: 'toy', diagnostics: [] }
        : { supported: false, reason: 'no_database', detail: 'no toy database' };
    },
    async plan(input) {
      return planToy(world, input);
    },
    async fetch(plan) {
      return reject(plan, world.missing);
    },
    async prepare(plan, view) {
      const rejected = reject(plan, world.refused);
      if (rejected.length > 0) return { rejected };
      return { change: { emit: (out) => emitToy(world, plan, view, out), discard: async () => {} } };
    },
    async selfCheck() {
      return { files: 1, mismatches: [], problems: world.problems };
    },
  };
}

function reject(plan: FixPlan, table: Readonly<Record<string, Rejection['outcome']>>): Rejection[] {
  return plan.upgrades.flatMap(({ name }) => {
    const outcome = table[name];
    return outcome === undefined ? [] : [{ package: name, outcome, detail: `${name}: ${outcome}` }];
  });
}

function planToy(world: ToyWorld, input: Parameters<Fixer['plan']>[0]): FixPlan {
  const installed = readToy(input.view);
  const upgrades = new Map<string, Upgrade>();
  const outcomes = input.findings.map((finding) => {
    const name = finding.package;
    const now = installed.get(name) ?? 0;
    const to = world.available[name] ?? now;
    const rejection = input.rejected.find((entry) => entry.package === name);
    let outcome: Outcome = 'fixed';
    if (finding.fixedVersion === null) outcome = 'no_fix_published';
    else if (input.pinned.has(name)) outcome = 'held';
    else if (rejection) outcome = rejection.outcome;
    else if (to < Number(finding.fixedVersion)) outcome = 'fix_not_in_repository';
    if (outcome === 'fixed') upgrades.set(name, toyUpgrade(name, now, to, input.platform.architecture));
    return { finding, outcome, to: outcome === 'fixed' ? String(to) : null, detail: rejection?.detail ?? null };
  });
  return {
    schema: 1,
    ecosystem: 'toy',
    revision: input.revision,
    plannedAt: input.plannedAt.toISOString(),
    platform: input.platform,
    indexes: [],
    upgrades: [...upgrades.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    outcomes,
    estimate: { download: upgrades.size, layer: upgrades.size },
    diagnostics: [],
  };
}

function toyUpgrade(name: string, from: number, to: number, arch: string): Upgrade {
  return {
    name,
    arch,
    source: { name, version: String(to) },
    from: String(from),
    to: String(to),
    repository: 'toy main',
    path: `pool/${name}_${to}.toy`,
    archive: 'toy',
    sha256: digestOf(`${name}@${to}`).slice(7),
    size: 1,
    reason: 'requested',
  };
}

async function emitToy(world: ToyWorld, plan: FixPlan, view: ImageView, out: LayerWriter): Promise<AppliedChange> {
  const packages = readToy(view);
  const meta = { type: 'file', mode: 0o644, uid: 0, gid: 0, mtime: Date.parse(plan.plannedAt) / 1000 } as const;
  for (const { name, to } of plan.upgrades) {
    const version = world.writes?.(name, Number(to)) ?? Number(to);
    packages.set(name, version);
    const body = Buffer.from(`${name} ${version} ${'x'.repeat(5000)}`);
    await out.put({ ...meta, path: `usr/lib/${name}`, size: body.length }, body);
  }
  const database = Buffer.from(toyFile(Object.fromEntries(packages)));
  await out.put({ ...meta, path: toyDatabase, size: database.length }, database);
  return { diagnostics: [], changelogs: new Map(plan.upgrades.map(({ name }) => [name, new Set(['CVE-2024-0001'])])) };
}

/** Scans a toy image by the advisories of the world, from the image's own bytes. */
export async function scanToy(world: ToyWorld, image: ImageHandle, signal: AbortSignal): Promise<ScanReport> {
  const view = await openImageView(image, { interest: (path) => path === toyDatabase, signal });
  const arch = image.platform.architecture;
  const packages: ReportPackage[] = [...readToy(view)].map(([name, version]) => ({
    purl: `pkg:toy/${name}@${version}?arch=${arch}`,
    type: 'toy',
    name,
    version: String(version),
    arch,
    source: { name, version: String(version) },
    locations: [],
    ownedBy: null,
    ...{ scope: 'installed', confidence: 'high', guessed: false },
  }));
  const findings = packages.flatMap((entry) =>
    world.advisories.filter((advisory) => affects(advisory, entry)).map((advisory) => toFinding(advisory, entry)),
  );
  return toyReport(world, image, packages, findings);
}

function affects(advisory: ToyAdvisory, entry: ReportPackage): boolean {
  const version = Number(entry.version);
  return (
    advisory.package === entry.name &&
    (advisory.fixed === null || version < advisory.fixed) &&
    version >= (advisory.since ?? 0)
  );
}

function toFinding(advisory: ToyAdvisory, entry: ReportPackage): VulnerabilityFinding {
  const fixedVersion = advisory.fixed === null ? null : String(advisory.fixed);
  return {
    kind: 'cve',
    id: advisory.id,
    aliases: [advisory.id.replace('CVE', 'TSA')],
    package: entry.purl,
    installedVersion: entry.version,
    fixedVersion,
    state: fixedVersion === null ? 'unfixed' : 'fixed',
    severity: { level: advisory.level, source: 'toy', score: null, vector: null },
    kev: false,
    epss: null,
    priority: 'later',
    priorityReason: 'toy',
    title: null,
    layer: digestOf('layer'),
    path: toyDatabase,
    ignored: null,
    match: { advisory: advisory.id, ecosystem: 'Toy', range: `< ${fixedVersion}`, on: 'source' },
  };
}

function toyReport(
  world: ToyWorld,
  image: ImageHandle,
  packages: readonly ReportPackage[],
  findings: readonly VulnerabilityFinding[],
): ScanReport {
  const of = (level: SeverityLevel): number => findings.filter((finding) => finding.severity.level === level).length;
  const counts: SeverityCounts = {
    critical: of('critical'),
    high: of('high'),
    medium: of('medium'),
    low: of('low'),
    unknown: of('unknown'),
    total: findings.length,
    fixable: findings.filter(({ state }) => state === 'fixed').length,
  };
  const none = { high: 0, medium: 0, low: 0, total: 0 };
  const at = '2024-01-01T00:00:00.000Z';
  return {
    schemaVersion: 1,
    tool: { name: 'drydock', version: '0' },
    scan: {
      startedAt: at,
      finishedAt: at,
      layersRead: 1,
      layersCached: 0,
      bytesRead: 1,
      state: 'complete',
      scanners: ['vuln'],
    },
    image: {
      reference: image.reference,
      digest: image.document.digest,
      indexDigest: image.indexDigest ?? null,
      configDigest: image.document.content.config.digest,
      platform: `${image.platform.os}/${image.platform.architecture}`,
      created: null,
      size: 1,
      os: { id: 'toy', versionId: '1', prettyName: null, endOfLife: null },
      base: null,
      layers: [],
    },
    advisories: { snapshot: world.snapshot.id, createdAt: world.snapshot.createdAt, origin: 'updated', sources: [] },
    counts: {
      cve: counts,
      sca: { ...counts, total: 0, critical: 0, high: 0, medium: 0, low: 0, unknown: 0, fixable: 0 },
      baseline: none,
      instruction: none,
      malicious: { serious: 0, suspicious: 0, remind: 0, total: 0 },
      sensitive: none,
    },
    packages,
    findings,
    checks: { passed: [], notApplicable: [], unknown: [], disabled: [] },
    diagnostics: [],
  };
}
