import { type Kysely, type Selectable, sql } from 'kysely';
import {
  byCode,
  codeOf,
  derivedPurl,
  findingKinds,
  type PackageIdentity,
  type PackageMatching,
  packageHash,
  type ReleaseIdentity,
  releaseHash,
  type StoredPackage,
  storable,
  textHash,
} from '../../../findings/index.ts';
import type { Db } from '../contract.ts';
import { takeIds } from '../ids.ts';
import type { Tables } from '../tables.ts';
import { byteKey, distinct, inLists } from './chunks.ts';
import type { PackageTable } from './tables.ts';
import { internHashes, internTexts, TextPool } from './texts.ts';

type Trx = Kysely<Tables>;

/** Ids of packages, and which of them are new. */
export interface InternedPackages {
  /** In the order of the packages. */
  readonly ids: readonly number[];
  readonly fresh: readonly StoredPackage[];
}

/** Ids of package versions by hash; the unknown ones are left out. */
export async function findPackages(trx: Trx, hashes: readonly Uint8Array[]): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const chunk of inLists(hashes)) {
    const rows = await trx.selectFrom('pkg').select(['id', 'hash']).where('hash', 'in', chunk).execute();
    for (const { id, hash } of rows) found.set(byteKey(hash), id);
  }
  return found;
}

/** Stores what is new of some packages. The caller holds the lock of facts. */
export async function internPackages(
  db: Db,
  trx: Trx,
  packages: readonly PackageIdentity[],
  matching: PackageMatching,
): Promise<InternedPackages> {
  const hashes = packages.map(packageHash);
  const keys = hashes.map(byteKey);
  const ids = await findPackages(trx, hashes);
  const missing = new Map<string, { hash: Uint8Array; pkg: PackageIdentity }>();
  packages.forEach((pkg, index) => {
    const key = keys[index] ?? '';
    if (!ids.has(key)) missing.set(key, { hash: hashes[index] as Uint8Array, pkg });
  });
  const fresh = await insertPackages(db, trx, [...missing.values()], matching);
  for (const { pkg, hash } of fresh) ids.set(byteKey(hash), pkg.id);
  return { ids: keys.map((key) => ids.get(key) ?? 0), fresh: fresh.map(({ pkg }) => pkg) };
}

async function insertPackages(
  db: Db,
  trx: Trx,
  entries: readonly { readonly hash: Uint8Array; readonly pkg: PackageIdentity }[],
  matching: PackageMatching,
): Promise<{ hash: Uint8Array; pkg: StoredPackage }[]> {
  if (entries.length === 0) return [];
  const releases = await internReleases(db, trx, distinct(entries.map(({ pkg }) => pkg.release)));
  const lookups = entries.map(({ pkg }) => distinct(matching.namesOf(pkg)));
  const purls = entries.map(({ pkg }) => (derivedPurl(pkg) === pkg.purl ? null : pkg.purl));
  const texts = await internTexts(db, trx, [
    ...entries.flatMap(({ pkg }) => [pkg.name, pkg.version, pkg.source?.name ?? null, pkg.source?.version ?? null]),
    ...lookups.flat(),
    ...purls,
  ]);
  const maybe = (text: string | null | undefined): number | null => (text == null ? null : texts(text));
  const first = await takeIds(trx, 'pkg', entries.length, 'i32');
  const rows = entries.map(({ hash, pkg }, index) => ({
    id: first + index,
    hash,
    type: storable(pkg.type),
    kind: codeOf(findingKinds, pkg.kind),
    release_id: pkg.release === null ? null : (releases.get(byteKey(releaseHash(pkg.release))) ?? null),
    name_id: texts(pkg.name),
    version_id: texts(pkg.version),
    arch: pkg.arch === null ? null : storable(pkg.arch),
    src_name_id: maybe(pkg.source?.name),
    src_version_id: maybe(pkg.source?.version),
    purl_id: maybe(purls[index]),
    nv_id: 0,
  }));
  await setCountedIds(trx, rows);
  const columns = Object.keys(rows[0] ?? {}) as (keyof PackageTable)[];
  await db.bulkInsert(
    'pkg',
    columns,
    rows.map((row) => columns.map((column) => row[column])),
    { trx },
  );
  const links = rows.flatMap(({ id }, index) => (lookups[index] ?? []).map((name) => [texts(name), id]));
  await db.bulkInsert('pkg_lookup', ['name_id', 'pkg_id'], links, { trx });
  return entries.map(({ hash, pkg }, index) => ({ hash, pkg: { ...pkg, id: first + index } }));
}

/** Rows of one name, version and release share the id of the first of them, whenever that was stored. */
async function setCountedIds(
  trx: Trx,
  rows: { id: number; type: string; release_id: number | null; name_id: number; version_id: number; nv_id: number }[],
): Promise<void> {
  const keyOf = (row: Omit<(typeof rows)[number], 'id' | 'nv_id'>): string =>
    `${row.type} ${row.release_id} ${row.name_id} ${row.version_id}`;
  const known = new Map<string, number>();
  for (const chunk of inLists(new Set(rows.map(({ name_id }) => name_id)))) {
    const stored = await trx
      .selectFrom('pkg')
      .select(['type', 'release_id', 'name_id', 'version_id', 'nv_id'])
      .where('name_id', 'in', chunk)
      .execute();
    for (const row of stored) known.set(keyOf(row), row.nv_id);
  }
  for (const row of rows) {
    const key = keyOf(row);
    row.nv_id = known.get(key) ?? row.id;
    known.set(key, row.nv_id);
  }
}

/** Ids of releases by hash. */
export async function internReleases(
  db: Db,
  trx: Trx,
  releases: readonly ReleaseIdentity[],
): Promise<ReadonlyMap<string, number>> {
  const values = new Map(
    releases.map((release) => {
      const hash = releaseHash(release);
      return [byteKey(hash), { hash, release }] as const;
    }),
  );
  return internHashes(trx, 'release', 'hash', values, (entries) =>
    db.bulkInsert(
      'release',
      ['id', 'hash', 'os_id', 'version_id', 'codename'],
      entries.map(({ id, key: { hash, release } }) => [
        id,
        hash,
        storable(release.id),
        release.versionId === null ? null : storable(release.versionId),
        release.codename === null ? null : storable(release.codename),
      ]),
      { trx },
    ),
  );
}

/** Turns rows into packages; releases and texts are read as they are needed. For one reader. */
export class PackageReader {
  readonly #trx: Trx;
  readonly #derivePurls: boolean;
  readonly #texts = new TextPool();
  readonly #releases = new Map<number, ReleaseIdentity>();

  /** @param options.derivePurls false: purls that follow from the rest are left empty, which takes half of the time. */
  constructor(trx: Trx, options: { readonly derivePurls: boolean } = { derivePurls: true }) {
    this.#trx = trx;
    this.#derivePurls = options.derivePurls;
  }

  /** In the order of the rows. */
  async read(rows: readonly Selectable<PackageTable>[]): Promise<StoredPackage[]> {
    const texts = rows.flatMap((row) => [
      row.name_id,
      row.version_id,
      row.src_name_id,
      row.src_version_id,
      row.purl_id,
    ]);
    await this.#texts.load(this.#trx, texts);
    await this.#loadReleases(rows);
    return rows.map((row) => this.#package(row));
  }

  /** Packages by id, rising; unknown ids are left out. */
  async byIds(ids: Iterable<number>): Promise<StoredPackage[]> {
    const packages: StoredPackage[] = [];
    for (const chunk of inLists([...new Set(ids)].sort((a, b) => a - b))) {
      const rows = await this.#trx.selectFrom('pkg').selectAll().where('id', 'in', chunk).orderBy('id').execute();
      packages.push(...(await this.read(rows)));
    }
    return packages;
  }

  #package(row: Selectable<PackageTable>): StoredPackage {
    const texts = this.#texts;
    const source =
      row.src_name_id === null
        ? null
        : { name: texts.get(row.src_name_id), version: texts.maybe(row.src_version_id) ?? '' };
    const pkg = {
      id: row.id,
      type: row.type,
      kind: byCode(findingKinds, row.kind),
      name: texts.get(row.name_id),
      version: texts.get(row.version_id),
      arch: row.arch,
      source,
      release: row.release_id === null ? null : (this.#releases.get(row.release_id) ?? null),
    };
    return { ...pkg, purl: texts.maybe(row.purl_id) ?? (this.#derivePurls ? derivedPurl(pkg) : '') };
  }

  async #loadReleases(rows: readonly Selectable<PackageTable>[]): Promise<void> {
    const missing = distinct(rows.map(({ release_id }) => release_id)).filter((id) => !this.#releases.has(id));
    for (const chunk of inLists(missing)) {
      for (const { id, os_id, version_id, codename } of await this.#trx
        .selectFrom('release')
        .selectAll()
        .where('id', 'in', chunk)
        .execute()) {
        this.#releases.set(id, { id: os_id, versionId: version_id, codename });
      }
    }
  }
}

/**
 * All packages, or those of a query, in batches by rising id. For matching: purls that follow from the rest are left
 * empty.
 */
export async function* streamPackages(
  trx: Trx,
  which: { readonly after: number } | { readonly named: readonly string[] } | 'pending',
  batch = 4_000,
): AsyncGenerator<StoredPackage[]> {
  const reader = new PackageReader(trx, { derivePurls: false });
  if (which === 'pending') {
    const ids = await trx.selectFrom('pkg_pending').select('pkg_id').orderBy('pkg_id').execute();
    for (let at = 0; at < ids.length; at += batch) {
      yield await reader.byIds(ids.slice(at, at + batch).map(({ pkg_id }) => pkg_id));
    }
  } else if ('named' in which) {
    const ids = await packageIdsNamed(trx, which.named);
    for (let at = 0; at < ids.length; at += batch) yield await reader.byIds(ids.subarray(at, at + batch));
  } else {
    for (let { after } = which; ; ) {
      const rows = await trx.selectFrom('pkg').selectAll().where('id', '>', after).orderBy('id').limit(batch).execute();
      const last = rows.at(-1);
      if (last === undefined) return;
      yield await reader.read(rows);
      after = last.id;
    }
  }
}

async function packageIdsNamed(trx: Trx, names: readonly string[]): Promise<Int32Array> {
  const ids = new Set<number>();
  for (const chunk of inLists(names.map(storable))) {
    const { rows } = await sql<{ pkg_id: number }>`SELECT pkg_id FROM pkg_lookup WHERE name_id IN (
      SELECT id FROM dict WHERE hash IN (${sql.join(chunk.map((name) => textHash(name)))}))`.execute(trx);
    for (const { pkg_id } of rows) ids.add(pkg_id);
  }
  return Int32Array.from(ids).sort();
}
