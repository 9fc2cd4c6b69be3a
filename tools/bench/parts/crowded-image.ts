import { createHash } from 'node:crypto';
import type { Db } from '../../../src/adapters/sql/index.ts';
import { encodeMembers, setHash } from '../../../src/findings/index.ts';

/** Findings of the crowded image, unless the estate has too few matches. */
const wanted = 10_000;

/** Gives the first image of a synthetic estate one more set of packages, so that it has about 10,000 findings. */
export async function crowdFirstImage(db: Db): Promise<void> {
  const { kysely } = db;
  const packages = await kysely
    .selectFrom('pkg_vuln')
    .select(({ fn }) => ['pkg_id', fn.countAll<number>().as('matches')])
    .groupBy('pkg_id')
    .orderBy('pkg_id')
    .execute();
  const members: number[] = [];
  let findings = 0;
  for (const { pkg_id, matches } of packages) {
    if (findings >= wanted) break;
    members.push(pkg_id);
    findings += Number(matches);
  }
  const packed = encodeMembers(Int32Array.from(members));
  const { last } = await kysely
    .selectFrom('component_set')
    .select(({ fn }) => fn.max('id').as('last'))
    .executeTakeFirstOrThrow();
  const set = Number(last) + 1;
  const hash = createHash('sha256').update(setHash(packed)).update('crowded').digest();
  await db.bulkInsert(
    'component_set',
    ['id', 'hash', 'kind', 'release_id', 'n', 'members'],
    [[set, hash, 0, null, members.length, packed]],
  );
  const own = await kysely.selectFrom('image_set').selectAll().where('manifest_id', '=', 1).executeTakeFirstOrThrow();
  await db.bulkInsert(
    'image_set',
    ['manifest_id', 'evidence_id', 'layer_id', 'set_id'],
    [[1, own.evidence_id, own.layer_id, set]],
  );
  await kysely
    .updateTable('id_block')
    .set({ next: set + 1 })
    .where('name', '=', 'component_set')
    .execute();
}
