import type {
  EstateContent,
  EstateMatch,
  EstatePackage,
  EstateRisk,
  EstateRiskContent,
  EstateRule,
  EstateSource,
  EstateVulnerability,
  RiskFinding,
} from '../../src/findings/index.ts';
import type { ImageRow, RegistryRecord, RepositoryRecord } from '../../src/inventory/index.ts';
import { hex, pick, type Random, some } from './random.ts';

/** An estate in plain arrays: what the index is compared with, and the source that it reads. */
export class EstateWorld {
  readonly registries: RegistryRecord[] = [];
  readonly repositories: RepositoryRecord[] = [];
  readonly images: ImageRow[] = [];
  readonly contents = new Map<number, EstateContent & { readonly revision: number }>();
  readonly sets: { readonly id: number; readonly members: Int32Array }[] = [];
  readonly packages: EstatePackage[] = [];
  readonly vulnerabilities: (EstateVulnerability & { readonly revision: number })[] = [];
  /** Package id → open matches. */
  readonly matches = new Map<number, EstateMatch[]>();
  readonly changedPackages = new Map<number, number>();
  rules: EstateRule[] = [];
  /** Findings of detectors by id of their risk, where the world has any. */
  readonly findings?: ReadonlyMap<number, RiskFinding>;
  readonly risks: EstateRisk[] = [];
  readonly riskSets: { readonly id: number; readonly members: Int32Array }[] = [];
  readonly riskContents = new Map<number, EstateRiskContent & { readonly revision: number }>();
  readonly gone: { readonly seq: number; readonly imageId: number }[] = [];
  readonly revisions = { inventory: 0, ingest: 0, matches: 0, rules: 0 };
  now = 1_000_000;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
    for (let id = 1; id <= 2; id++) this.registries.push(registry(id));
    for (let id = 1; id <= 4; id++) this.repositories.push(repository(id));
    for (let id = 1; id <= 24; id++) this.packages.push(somePackage(id, random));
    for (let id = 1; id <= 12; id++) this.vulnerabilities.push(someVulnerability(id, random, 0));
    for (const { id } of this.packages) if (random() < 0.6) this.rematch(id);
    for (let count = 0; count < 8; count++) this.addImage();
  }

  addImage(): void {
    const random = this.#random;
    const manifestId =
      random() < 0.3 && this.images.length > 0 ? pick(random, this.images).manifestId : 100 + this.images.length;
    if (!this.contents.has(manifestId) && random() < 0.9) this.scan(manifestId);
    const id = 10 + this.images.length + this.gone.length;
    this.images.push(
      imageRow(id, manifestId, pick(random, this.repositories), ++this.revisions.inventory, this.now++, random),
    );
  }

  /** New content for a manifest. */
  scan(manifestId: number): void {
    const random = this.#random;
    const sets = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) => {
      const reuse = this.sets.length > 0 && random() < 0.5;
      const set = reuse ? pick(random, this.sets) : this.addSet();
      return { setId: set.id, path: `path/${index}`, layer: `sha256:${pick(random, ['a', 'b'])}` };
    });
    const revision = ++this.revisions.ingest;
    this.contents.set(manifestId, { manifestId, firstScannedAt: this.now++, sets, revision });
  }

  addSet(): { readonly id: number; readonly members: Int32Array } {
    const ids = this.packages.filter(() => this.#random() < 0.3).map(({ id }) => id);
    const set = { id: this.sets.length + 1, members: Int32Array.from(ids) };
    this.sets.push(set);
    return set;
  }

  /** Replaces the matches of a package. */
  rematch(packageId: number): void {
    const random = this.#random;
    const open = some(random, this.vulnerabilities, 0.25).map(({ id }) => someMatch(packageId, id, this.now++, random));
    this.matches.set(packageId, open);
    this.changedPackages.set(packageId, ++this.revisions.matches);
  }

  rescore(): void {
    const at = Math.floor(this.#random() * this.vulnerabilities.length);
    const before = this.vulnerabilities[at] as EstateVulnerability;
    const next = someVulnerability(before.id, this.#random, ++this.revisions.matches);
    this.vulnerabilities[at] = { ...next, name: before.name, aliases: before.aliases };
  }

  retag(): void {
    const at = Math.floor(this.#random() * this.images.length);
    const row = this.images[at] as ImageRow;
    const until = row.until === null ? this.now++ : null;
    this.images[at] = { ...row, until, seq: ++this.revisions.inventory };
  }

  removeImage(): void {
    const [row] = this.images.splice(Math.floor(this.#random() * this.images.length), 1);
    if (row !== undefined) this.gone.push({ seq: ++this.revisions.inventory, imageId: row.id });
  }

  addRule(): void {
    this.rules.push(someRule(this.rules.length + 1 + this.revisions.rules, this, this.#random));
    this.revisions.rules++;
  }

  revokeRule(): void {
    this.rules.splice(Math.floor(this.#random() * this.rules.length), 1);
    this.revisions.rules++;
  }

  /** One change of a random kind. */
  change(): void {
    const packages = this.packages.length;
    pick(this.#random, [
      () => this.addImage(),
      () => this.scan(pick(this.#random, this.images).manifestId),
      () => this.rematch(1 + Math.floor(this.#random() * packages)),
      () => this.rematch(1 + Math.floor(this.#random() * packages)),
      () => this.rescore(),
      () => this.retag(),
      () => this.images.length > 3 && this.removeImage(),
      () => this.addRule(),
      () => this.addRule(),
      () => this.rules.length > 0 && this.revokeRule(),
    ])();
  }

  source(): EstateSource {
    const world = this;
    return {
      revisions: async () => ({ ...world.revisions }),
      registries: async () => world.registries,
      repositories: async () => world.repositories,
      async *images(since) {
        yield world.images.filter(({ seq }) => seq > since).toSorted((a, b) => a.seq - b.seq);
      },
      gone: async (since) => ({
        seq: world.gone.at(-1)?.seq ?? since,
        imageIds: world.gone.filter(({ seq }) => seq > since).map(({ imageId }) => imageId),
      }),
      async *contents(since) {
        yield [...world.contents.values()].filter(({ revision }) => revision > since);
      },
      async *sets(since) {
        yield world.sets.filter(({ id }) => id > since);
      },
      async *matches(since) {
        if (since === 0) {
          for (const rows of world.matches.values()) yield { packages: null, rows };
          return;
        }
        const changed = [...world.changedPackages].filter(([, at]) => at > since).map(([id]) => id);
        yield { packages: changed, rows: changed.flatMap((id) => world.matches.get(id) ?? []) };
      },
      setsOf: async (ids) =>
        new Map(
          ids.map((id) => [
            id,
            Int32Array.from(world.sets.filter(({ members }) => members.includes(id)).map((set) => set.id)),
          ]),
        ),
      packages: async (ids) => world.packages.filter(({ id }) => ids.includes(id)),
      async *vulnerabilities(since) {
        yield world.vulnerabilities.filter(({ revision }) => since === 0 || revision > since);
      },
      rules: async () => world.rules,
      async *risks(since) {
        yield world.risks.filter(({ id }) => id > since);
      },
      async *riskSets(since) {
        yield world.riskSets.filter(({ id }) => id > since);
      },
      async *riskContents(since) {
        yield [...world.riskContents.values()].filter(({ revision }) => revision > since);
      },
    };
  }
}

function registry(id: number): RegistryRecord {
  return {
    id,
    instanceId: `cri-${id}`,
    name: `registry ${id}`,
    kind: id === 1 ? 'oci' : 'harbor',
    baseUrl: `https://r${id}.example.com`,
    connectAddress: null,
    region: 'local',
    projectId: 1,
    username: null,
    hasPassword: false,
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
    createdAt: 0,
    updatedAt: 0,
  };
}

function repository(id: number): RepositoryRecord {
  const namespace = id % 2 === 0 ? 'team' : 'base';
  return {
    id,
    extId: `crr-${id}`,
    registryId: 1 + (id % 2),
    projectId: 1 + (id % 3),
    namespace,
    name: `app${id}`,
    path: `${namespace}/app${id}`,
    public: false,
  };
}

function imageRow(
  id: number,
  manifestId: number,
  of: RepositoryRecord,
  seq: number,
  since: number,
  random: Random,
): ImageRow {
  return {
    id,
    seq,
    uuid: id.toString(16).padStart(32, '0'),
    registryId: of.registryId,
    repositoryId: of.id,
    projectId: of.projectId,
    tag: pick(random, ['1', '2', 'latest', null]),
    tagImmutable: false,
    manifestId,
    digest: `sha256:${hex(manifestId)}`,
    indexDigest: null,
    configDigest: null,
    os: 'linux',
    arch: pick(random, ['amd64', 'arm64']),
    variant: null,
    size: Math.floor(random() * 100),
    createdAt: null,
    since,
    until: random() < 0.15 ? since + 1 : null,
    scanState: 'matched',
    scanCode: null,
    scanMessage: null,
    scannedAt: since,
    osId: pick(random, ['debian', 'ubuntu']),
    osVersion: '12',
    osName: null,
    fixedFromId: null,
  };
}

function somePackage(id: number, random: Random): EstatePackage {
  const kind = id % 3 === 0 ? 'sca' : 'cve';
  const name = `pkg${id >> 1}`;
  return {
    id,
    purl: `pkg:generic/${name}@1?id=${id}`,
    type: kind === 'cve' ? 'deb' : 'npm',
    kind,
    name,
    version: pick(random, ['1', '2']),
    arch: pick(random, ['amd64', 'all']),
    sourceName: null,
    sourceVersion: null,
    release: kind === 'cve' ? { id: 'debian', versionId: pick(random, ['11', '12']), codename: null } : null,
  };
}

function someVulnerability(id: number, random: Random, revision: number): EstateVulnerability & { revision: number } {
  return {
    id,
    name: `CVE-2024-${1000 + ((id * 7) % 13)}`,
    aliases: id % 4 === 0 ? [`GHSA-${id}`] : [],
    title: pick(random, ['Use after free', 'overflow', null]),
    cvssMilli: pick(random, [null, 5000, 9800]),
    vector: null,
    epssPpm: pick(random, [null, 1000, 900_000]),
    kev: random() < 0.2,
    revision,
  };
}

function someMatch(packageId: number, vulnerabilityId: number, openedAt: number, random: Random): EstateMatch {
  return {
    packageId,
    vulnerabilityId,
    severity: pick(random, ['critical', 'high', 'medium', 'low', 'negligible', 'unknown']),
    state: pick(random, ['fixed', 'fixed', 'unfixed', 'unimportant']),
    fixedVersion: null,
    range: null,
    priority: pick(random, ['asap', 'later', 'nntf']),
    openedAt,
  };
}

function someRule(id: number, world: EstateWorld, random: Random): EstateRule {
  const scope = pick<EstateRule['scope']>(random, [
    { kind: 'global' },
    { kind: 'repositories', paths: [pick(random, world.repositories).path] },
    { kind: 'registries', ids: [1] },
    { kind: 'registryKinds', kinds: ['harbor'] },
    { kind: 'images', uuids: [pick(random, world.images).uuid] },
    { kind: 'packages', names: ['pkg3', 'pkg4'] },
  ]);
  return {
    id,
    kind: 'ignore',
    projectId: random() < 0.3 ? 2 : null,
    vulnerabilities: random() < 0.3 ? [] : [pick(random, ['CVE-2024-1007', 'GHSA-4', 'debian:12:CVE-2024-1001'])],
    findingKind: pick(random, [null, null, 'cve', 'sca']),
    scope,
    reason: 'because',
    by: 'somebody',
    createdAt: 0,
    expiresAt: random() < 0.2 ? 1 : null,
    expiresWhen: random() < 0.3 ? 'any_fix' : 'none',
  };
}
