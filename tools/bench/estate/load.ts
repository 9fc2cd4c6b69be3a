import { createHash, randomBytes } from 'node:crypto';
import type { Db } from '../../../src/adapters/sql/index.ts';
import {
  encodeMembers,
  type PackageIdentity,
  packageHash,
  releaseHash,
  setHash,
  textHash,
} from '../../../src/findings/index.ts';
import { imageUuid, repositoryExtId } from '../../../src/inventory/index.ts';
import { type EstateModel, groups, seeded } from './model.ts';

const day = 86_400_000;
/** Every synthetic time is before this one. */
const epoch = Date.UTC(2026, 0, 1);
const registries = 3;
const projects = 5;

/** Writes a model straight into an empty store, past all use cases. Ids are those of the model, plus one. */
export async function loadEstate(db: Db, model: EstateModel, log: (line: string) => void): Promise<void> {
  const texts = new Texts();
  await loadPackages(db, model, texts);
  log('packages');
  await loadVulnerabilities(db, model, texts);
  await loadMatches(db, model, texts);
  log('matches');
  await loadSets(db, model);
  log('sets');
  await loadInventory(db, model);
  await loadContents(db, model, texts);
  log('images');
  await db.bulkInsert('dict', ['id', 'hash', 'text'], texts.rows());
  await finish(db, model, texts.size);
}

/** Texts with their ids, written at the end. */
class Texts {
  readonly #ids = new Map<string, number>();

  id(text: string): number {
    let id = this.#ids.get(text);
    if (id === undefined) {
      id = this.#ids.size + 1;
      this.#ids.set(text, id);
    }
    return id;
  }

  get size(): number {
    return this.#ids.size;
  }

  *rows(): Generator<readonly unknown[]> {
    for (const [text, id] of this.#ids) yield [id, textHash(text), text];
  }
}

function identity(model: EstateModel, pkg: number): PackageIdentity {
  const group = groups[model.group[pkg] as number] as (typeof groups)[number];
  const name = `${group.kind === 'cve' ? 'lib' : 'app'}-${(model.name[pkg] as number).toString(36)}`;
  const version = `${1 + ((model.name[pkg] as number) % 7)}.${model.version[pkg]}.${(model.name[pkg] as number) % 10}`;
  const release = group.os && { id: group.os, versionId: group.version, codename: group.codename };
  const distro = release ? `?arch=amd64&distro=${release.id}-${release.versionId}` : '';
  return {
    type: group.type,
    kind: group.kind,
    name,
    version,
    arch: release ? 'amd64' : null,
    source: release ? { name, version } : null,
    purl: `pkg:${group.type}/${release ? `${release.id}/` : ''}${name}@${version}${distro}`,
    release: release || null,
  };
}

async function loadPackages(db: Db, model: EstateModel, texts: Texts): Promise<void> {
  const releases = groups.filter(({ os }) => os !== null);
  await db.bulkInsert(
    'release',
    ['id', 'hash', 'os_id', 'version_id', 'codename'],
    releases.map(({ os, version, codename }, index) => [
      ...[index + 1, releaseHash({ id: os as string, versionId: version, codename }), os, version, codename],
    ]),
  );
  await db.bulkInsert(
    'pkg',
    [
      ...(['id', 'hash', 'type', 'kind', 'release_id', 'name_id', 'version_id', 'arch'] as const),
      ...(['src_name_id', 'src_version_id', 'purl_id', 'nv_id'] as const),
    ],
    (function* () {
      for (let pkg = 0; pkg < model.packages; pkg++) {
        const facts = identity(model, pkg);
        const [name, version] = [texts.id(facts.name), texts.id(facts.version)];
        const own = facts.source !== null;
        const release = own ? (model.group[pkg] as number) + 1 : null;
        yield [
          ...[pkg + 1, packageHash(facts), facts.type, own ? 0 : 1, release, name, version, facts.arch],
          ...[own ? name : null, own ? version : null, null, pkg + 1],
        ];
      }
    })(),
  );
  await db.bulkInsert(
    'pkg_lookup',
    ['name_id', 'pkg_id'],
    (function* () {
      for (let pkg = 0; pkg < model.packages; pkg++) yield [texts.id(identity(model, pkg).name), pkg + 1];
    })(),
  );
}

async function loadVulnerabilities(db: Db, model: EstateModel, texts: Texts): Promise<void> {
  const random = seeded(11);
  await db.bulkInsert(
    'vuln',
    ['id', 'name', 'title_id', 'cvss_milli', 'vector_id', 'epss_ppm', 'epss_rank_ppm', 'kev', 'rev'],
    (function* () {
      for (let id = 1; id <= model.size.vulnerabilities; id++) {
        const name = `CVE-${2012 + (id % 14)}-${10_000 + id}`;
        const title = texts.id(`Component ${id % 9_973} does not check the length of its input number ${id}`);
        const cvss = random() < 0.05 ? null : Math.round(random() * 98) * 100;
        const epss = Math.round(random() ** 6 * 1e6);
        const vector = texts.id(`CVSS:3.1/AV:N/AC:L/PR:${id % 2 ? 'N' : 'L'}/UI:N/S:U/C:H/I:${id % 3 ? 'H' : 'N'}/A:H`);
        yield [id, name, title, cvss, vector, epss, Math.round(random() * 1e6), random() < 0.005 ? 1 : 0, 1];
      }
    })(),
  );
}

async function loadMatches(db: Db, model: EstateModel, texts: Texts): Promise<void> {
  const random = seeded(12);
  const snapshot = { id: 'bench', createdAt: new Date(epoch).toISOString(), origin: 'bundled', sources: [] };
  await db.bulkInsert(
    'match_generation',
    ['gen', 'at', 'snapshot_id', 'snapshot', 'reason', 'opened', 'closed'],
    [[1, epoch - 90 * day, 'bench', JSON.stringify(snapshot), 'bench', model.matchPackage.length, 0]],
  );
  await db.bulkInsert(
    'pkg_vuln',
    [
      ...(['pkg_id', 'vuln_id', 'from_gen', 'to_gen', 'since_gen', 'rev', 'sev', 'fix_state', 'fixed_id'] as const),
      ...(['priority', 'advisory_id', 'ecosystem_id', 'range_id', 'on_source'] as const),
    ],
    (function* () {
      for (let match = 0; match < model.matchPackage.length; match++) {
        const pkg = model.matchPackage[match] as number;
        const roll = random();
        const state = roll < 0.55 ? 0 : roll < 0.9 ? 1 : roll < 0.95 ? 2 : 3;
        const fixed = `${1 + (pkg % 7)}.${12 + (pkg % 5)}.${pkg % 10}`;
        const severity = [5, 4, 4, 4, 3, 3, 3, 3, 2, 2, 1, 0][Math.floor(random() * 12)];
        const priority = state === 0 && random() < 0.3 ? 2 : random() < 0.6 ? 1 : 0;
        yield [
          ...[pkg + 1, (model.matchVulnerability[match] as number) + 1, 1, null, 1, 1, severity, state],
          ...[state === 0 ? texts.id(fixed) : null, priority, texts.id(`ADV-${match % 50_000}`)],
          ...[texts.id(`ecosystem ${model.group[pkg]}`), texts.id(`< ${fixed}`), 0],
        ];
      }
    })(),
  );
}

async function loadSets(db: Db, model: EstateModel): Promise<void> {
  await db.bulkInsert(
    'component_set',
    ['id', 'hash', 'kind', 'release_id', 'n', 'members'],
    (function* () {
      for (let set = 0; set < model.sets.length; set++) {
        const ids = (model.sets[set] as Int32Array).map((pkg) => pkg + 1);
        const members = encodeMembers(ids);
        // Two sets with the same members would be one; the number of the set keeps them apart here.
        const hash = createHash('sha256').update(setHash(members)).update(String(set)).digest();
        yield [set + 1, hash, model.setKind[set], null, ids.length, members];
      }
    })(),
  );
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

async function loadInventory(db: Db, model: EstateModel): Promise<void> {
  const random = seeded(13);
  const numbers = Array.from({ length: projects }, (_, index) => index + 1);
  const extId = (id: number): string => (id === 1 ? '0' : `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`);
  await db.bulkInsert(
    'project',
    ['id', 'name', 'ext_id', 'created_at'],
    numbers.map((id) => [id, `project ${id}`, extId(id), epoch]),
    { skipConflicts: true },
  );
  const instance = (registry: number): string => `cri-bench0000000000${registry}`.slice(0, 20);
  await db.bulkInsert(
    'registry',
    [
      ...(['id', 'instance_id', 'name', 'kind', 'base_url', 'region', 'project_id', 'include', 'exclude'] as const),
      ...(['refs', 'scan_new', 'next_scan_at', 'vendor', 'vendor_type', 'insecure', 'state', 'sync_run'] as const),
      ...(['created_at', 'updated_at'] as const),
    ],
    Array.from({ length: registries }, (_, index) => [
      ...[index + 1, instance(index + 1), `registry ${index + 1}`, 'oci', `https://r${index + 1}.example.com`],
      ...['local', 1, '[]', '[]', '[]', 0, 0, '{}', 'oci', 0, 'ok', 0, epoch, epoch],
    ]),
  );
  const repositories = Array.from({ length: model.size.repositories }, (_, index) => {
    const registry = 1 + (index % registries);
    const path = `team${index % 97}/service-${index}`;
    return { id: index + 1, registry, path, project: 1 + (index % projects) };
  });
  await db.bulkInsert(
    'repository',
    [
      ...(['id', 'ext_id', 'registry_id', 'project_id', 'namespace', 'name', 'path', 'public'] as const),
      ...(['seen_run', 'created_at'] as const),
    ],
    repositories.map(({ id, registry, path, project }) => {
      const [namespace, name] = path.split('/');
      const ext = repositoryExtId(instance(registry), path);
      return [id, ext, registry, project, namespace, name, path, 0, 0, epoch];
    }),
  );
  await db.bulkInsert(
    'manifest',
    ['id', 'digest', 'kind', 'media_type', 'size'],
    model.imageSets.map((_, image) => {
      const digest = digestOf(`image ${image}`);
      return [image + 1, digest, 'image', 'application/vnd.oci.image.manifest.v1+json', 1_000 + image];
    }),
  );
  await db.bulkInsert(
    'image',
    [
      ...(['manifest_id', 'config_digest', 'os', 'arch', 'created_at', 'size', 'scan_state', 'scanned_at'] as const),
      ...(['first_scanned_at', 'analyser_gen', 'os_id', 'os_version', 'os_name'] as const),
    ],
    model.imageSets.map((_, image) => {
      const group = groups[model.imageGroup[image] as number];
      const at = epoch - Math.floor(random() * 80 * day);
      return [
        ...[image + 1, digestOf(`config ${image}`), 'linux', 'amd64', at - day, 20_000_000 + image, 'matched', at],
        ...[at, 1, group?.os, group?.version, `${group?.os} ${group?.version}`],
      ];
    }),
  );
  await db.bulkInsert(
    'inventory_image',
    ['id', 'uuid', 'repo_id', 'tag', 'tag_immutable', 'manifest_id', 'since', 'until_at', 'seq'],
    model.imageSets.map((_, image) => {
      const repository = repositories[Math.floor(random() * repositories.length)] as (typeof repositories)[number];
      const tag = `v${image}`;
      const digest = `sha256:${digestOf(`image ${image}`).toString('hex')}` as const;
      const since = epoch - Math.floor(random() * 300 * day);
      const uuid = imageUuid(instance(repository.registry), repository.path, tag, digest);
      return [image + 1, uuid, repository.id, tag, 0, image + 1, since, null, image + 1];
    }),
  );
}

async function loadContents(db: Db, model: EstateModel, texts: Texts): Promise<void> {
  const layers = model.sets.length;
  await db.bulkInsert(
    'layer',
    ['id', 'digest'],
    Array.from({ length: layers }, (_, layer) => [layer + 1, digestOf(`layer ${layer}`)]),
  );
  await db.bulkInsert(
    'image_set',
    ['manifest_id', 'evidence_id', 'layer_id', 'set_id'],
    (function* () {
      for (const [image, sets] of model.imageSets.entries()) {
        for (const [at, set] of sets.entries()) {
          const path = model.setKind[set] === 0 ? 'var/lib/dpkg/status' : `srv/app${at}/package-lock.json`;
          yield [image + 1, texts.id(path), set + 1, set + 1];
        }
      }
    })(),
  );
  const zeros = new Array<number>(14).fill(0);
  const kinds = ['cve', 'sca'].flatMap((kind) => [...'chmluf'].map((column) => `${kind}_${column}`));
  await db.bulkInsert(
    'image_counts',
    ['manifest_id', 'seq', 'gen', 'want_gen', 'first_at', 'rank', ...kinds, 'kev', 'vulns'] as never,
    model.imageSets.map((_, image) => [image + 1, image + 1, 0, 1, epoch - 60 * day, 0, ...zeros]),
  );
  await db.bulkInsert(
    'scan_record',
    ['manifest_id', 'report'],
    // What a packed report without packages and findings takes.
    model.imageSets.map((_, image) => [image + 1, randomBytes(900)]),
  );
}

/** Counters of ids and revisions, as if all of it had come by the ordinary ways. */
async function finish(db: Db, model: EstateModel, texts: number): Promise<void> {
  const images = model.imageSets.length;
  const counters: readonly (readonly [string, number])[] = [
    ...([
      ['dict', texts],
      ['release', groups.length],
      ['layer', model.sets.length],
      ['pkg', model.packages],
    ] as const),
    ...([
      ['component_set', model.sets.length],
      ['vuln', model.size.vulnerabilities],
    ] as const),
    ...([
      ['inventory_image', images],
      ['inventory_seq', images],
      ['manifest', images],
    ] as const),
    ...([
      ['repository', model.size.repositories],
      ['tag_event', 0],
    ] as const),
  ];
  await db.transaction(async (trx) => {
    for (const [name, last] of counters) {
      await trx
        .insertInto('id_block')
        .values({ name, next: last + 1 })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ next: last + 1 }))
        .execute();
    }
    await trx.updateTable('revision').set({ value: images }).where('name', '=', 'ingest').execute();
    await trx.updateTable('revision').set({ value: 1 }).where('name', '=', 'matches').execute();
  });
}
