import { createHash } from 'node:crypto';
import type { Db } from '../../../src/adapters/sql/index.ts';
import { encodeMembers, setHash, sortedIds, textHash } from '../../../src/findings/index.ts';
import type { OsvDocument } from '../../../test/support/advisory-world.ts';

/** Sizes of the reference estate (docs/adr/0006-facts-once.md) and the share of them that is made. */
export interface EstateSize {
  readonly images: number;
  readonly sets: number;
  readonly packages: number;
  readonly vulnerabilities: number;
}

/** The reference estate, or a part of it. */
export function estateSize(scale: number): EstateSize {
  const of = (n: number): number => Math.max(40, Math.round(n * scale));
  return { images: of(100_000), sets: of(132_000), packages: of(750_000), vulnerabilities: of(120_000) };
}

/** Numbers that are the same in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const releases = Array.from({ length: 6 }, (_, index) => String(8 + index));
const versionsOfName = 12;
const namesOfSource = 3;
const packagesOfSource = versionsOfName * namesOfSource;

const sourceOf = (id: number): number => Math.floor((id - 1) / packagesOfSource);
const versionOf = (id: number): string => `${1 + ((id - 1) % versionsOfName)}.0-1`;
const releaseOf = (id: number): number => sourceOf(id) % releases.length;

/**
 * Advisories in the form of the public data: one source in nine is vulnerable, most of its versions are affected.
 * @param change a share of the vulnerabilities has another fix.
 */
export function* estateAdvisories(size: EstateSize, change = 0): Generator<OsvDocument> {
  const random = generator(7);
  const sources = Math.floor(size.packages / packagesOfSource);
  const vulnerable = Math.max(1, Math.floor(sources / 9));
  for (let number = 1; number <= size.vulnerabilities; number++) {
    const changed = random() < change;
    // Some sources have far more vulnerabilities than others.
    const source = Math.floor(random() ** 2 * vulnerable) * 9;
    const fixed = `${changed ? 2 : 1}.5-1`;
    const ecosystem = `Debian:${releases[source % releases.length]}`;
    const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }];
    yield {
      id: `CVE-2024-${String(number).padStart(6, '0')}`,
      modified: changed ? '2026-02-02T00:00:00Z' : '2026-01-01T00:00:00Z',
      affected: [{ package: { ecosystem, name: `source-${source}` }, ranges }],
      ...{ summary: `A flaw in the handling of something, number ${number}` },
    } as OsvDocument;
  }
}

/** Writes packages, sets and images straight into a store, without matches: what ten thousand scans would leave. */
export async function writeEstate(db: Db, size: EstateSize): Promise<{ readonly memberships: number }> {
  const texts = new Map<string, number>();
  const text = (value: string): number => {
    const id = texts.get(value) ?? texts.size + 1;
    texts.set(value, id);
    return id;
  };
  await db.bulkInsert(
    'release',
    ['id', 'hash', 'os_id', 'version_id'],
    releases.map((version, index) => [index + 1, textHash(version), 'debian', version]),
  );
  await writePackages(db, size, text);
  await db.bulkInsert(
    'layer',
    ['id', 'digest'],
    Array.from({ length: 2_000 }, (_, index) => [index + 1, createHash('sha256').update(`layer ${index}`).digest()]),
  );
  const path = text('var/lib/dpkg/status');
  await db.bulkInsert(
    'dict',
    ['id', 'hash', 'text'],
    [...texts].map(([value, id]) => [id, textHash(value), value]),
  );
  const memberships = await writeSets(db, size);
  await writeImages(db, size, path);
  const next = {
    dict: texts.size,
    pkg: size.packages,
    component_set: size.sets,
    layer: 2_000,
    release: releases.length,
  };
  await db.bulkInsert(
    'id_block',
    ['name', 'next'],
    Object.entries(next).map(([name, last]) => [name, last + 1]),
    { skipConflicts: true },
  );
  await db.kysely.updateTable('revision').set({ value: size.images }).where('name', '=', 'ingest').execute();
  return { memberships };
}

async function writePackages(db: Db, { packages }: EstateSize, text: (value: string) => number): Promise<void> {
  const ids = Array.from({ length: packages }, (_, index) => index + 1);
  await db.bulkInsert(
    'pkg',
    [
      'id',
      'hash',
      'type',
      'kind',
      'release_id',
      'name_id',
      'version_id',
      'arch',
      'src_name_id',
      'src_version_id',
      'nv_id',
    ],
    ids.map((id) => {
      const name = text(`package-${Math.floor((id - 1) / versionsOfName)}`);
      const version = text(versionOf(id));
      return [
        id,
        textHash(`package ${id}`),
        'deb',
        0,
        releaseOf(id) + 1,
        name,
        version,
        'amd64',
        text(`source-${sourceOf(id)}`),
        version,
        id,
      ];
    }),
  );
  await db.bulkInsert(
    'pkg_lookup',
    ['name_id', 'pkg_id'],
    ids.map((id) => [text(`source-${sourceOf(id)}`), id]),
  );
}

/** Sets come in families: nine tenths of a family's packages, and some of their own. */
async function writeSets(db: Db, { sets, packages }: EstateSize): Promise<number> {
  const random = generator(11);
  const anyPackage = (): number => 1 + Math.floor(random() ** 1.5 * packages);
  const families = Array.from({ length: Math.ceil(sets / 400) }, () => Array.from({ length: 245 }, anyPackage));
  let memberships = 0;
  function* rows(): Generator<readonly unknown[]> {
    for (let id = 1; id <= sets; id++) {
      const family = families[Math.floor(random() ** 2 * families.length)] ?? [];
      const own = [
        ...family.filter(() => random() < 0.9),
        ...Array.from({ length: 45 }, anyPackage),
        (id % packages) + 1,
      ];
      const ids = sortedIds(own);
      memberships += ids.length;
      const members = encodeMembers(ids);
      yield [id, setHash(members), 0, 1, ids.length, members];
    }
  }
  await db.bulkInsert('component_set', ['id', 'hash', 'kind', 'release_id', 'n', 'members'], rows());
  return memberships;
}

async function writeImages(db: Db, { images, sets }: EstateSize, path: number): Promise<void> {
  const random = generator(13);
  const anySet = (): number => 1 + Math.floor(random() ** 1.5 * sets);
  function* held(): Generator<readonly unknown[]> {
    for (let id = 1; id <= images; id++) {
      yield [id, path, 1 + (id % 2_000), anySet()];
      if (id % 3 === 0) yield [id, path, 1 + ((id + 1) % 2_000), anySet()];
    }
  }
  await db.bulkInsert('image_set', ['manifest_id', 'evidence_id', 'layer_id', 'set_id'], held());
  const zero = Array.from({ length: 15 }, () => 0);
  const columns = [
    'cve_c',
    'cve_h',
    'cve_m',
    'cve_l',
    'cve_u',
    'cve_f',
    'sca_c',
    'sca_h',
    'sca_m',
    'sca_l',
    'sca_u',
    'sca_f',
    'kev',
    'vulns',
  ] as const;
  await db.bulkInsert(
    'image_counts',
    ['manifest_id', 'seq', 'gen', 'want_gen', 'first_at', 'rank', ...columns],
    Array.from({ length: images }, (_, index) => [index + 1, index + 1, 1, 1, 1, ...zero]),
  );
}
