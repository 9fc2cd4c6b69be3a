import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import {
  codeOf,
  decodeRiskMembers,
  encodeRiskMembers,
  type ImageFacts,
  type RiskDetector,
  type RiskFacts,
  type RiskTally,
  riskDetectorOf,
  riskHash,
  riskKinds,
  tallyOfRisks,
} from '../../../findings/index.ts';
import type { Db } from '../contract.ts';
import { byteKey, distinct } from '../findings/chunks.ts';
import { internLayers } from '../findings/layers.ts';
import { raise } from '../findings/revisions.ts';
import type { RiskCountsTable } from '../findings/tables.ts';
import { internHashes, internTexts } from '../findings/texts.ts';
import type { Tables } from '../tables.ts';
import { packBody } from './body.ts';
import { readRiskRows } from './rows.ts';

type Trx = Kysely<Tables>;

/** What of a stored risk decides about counters and about what is kept. */
interface Member {
  readonly id: number;
  readonly kind: number;
  readonly level: number;
  readonly counted: boolean;
  readonly keyId: number;
}

/**
 * Replaces what detectors found in an image, where that is something else than before. What the scan did not look for
 * stays as it was. The caller holds the lock of facts.
 * @returns whether anything changed
 */
export async function storeRisks(db: Db, trx: Trx, manifestId: number, facts: ImageFacts): Promise<boolean> {
  const before = await trx
    .selectFrom('image_risk')
    .selectAll()
    .where('manifest_id', '=', manifestId)
    .executeTakeFirst();
  const { found, notAsked } = facts.risks;
  // An image that nobody looked at has no row: it is unknown, not clean.
  if (before === undefined && found.length === 0 && notAsked.length === 4) return false;
  const old = before === undefined ? [] : await membersOf(trx, before.set_id);
  const kept = await keptOf(trx, old, notAsked);
  const members = [...(await internRisks(db, trx, found)), ...kept];
  const setId = await internRiskSet(db, trx, members);
  const scannedAt = facts.image.scannedAt;
  const seen = await seenOf(trx, manifestId, before?.seen ?? null, notAsked, before !== undefined);
  if (before?.set_id === setId && before.seen === seen) return false;
  const row = {
    seq: await raise(trx, 'ingest'),
    ...{ set_id: setId, seen, since: before === undefined ? null : sinceOf(before, old, members, scannedAt) },
  };
  await trx
    .insertInto('image_risk')
    .values({ manifest_id: manifestId, first_at: scannedAt, ...row })
    .onConflict((conflict) => conflict.column('manifest_id').doUpdateSet(row))
    .execute();
  await trx
    .updateTable('image_counts')
    .set(riskColumns(tallyOfMembers(members)))
    .where('manifest_id', '=', manifestId)
    .execute();
  return true;
}

/** Members of a stored set, in its order. */
async function membersOf(trx: Trx, setId: number): Promise<Member[]> {
  const row = await trx.selectFrom('risk_set').select('members').where('id', '=', setId).executeTakeFirst();
  const ids = row === undefined ? [] : [...decodeRiskMembers(row.members)];
  const rows = await readRiskRows(trx, ids);
  return ids.flatMap((id) => rows.get(id) ?? []);
}

/** Those of the old members that this scan says nothing of. */
async function keptOf(trx: Trx, old: readonly Member[], notAsked: readonly RiskDetector[]): Promise<Member[]> {
  if (notAsked.length === 0 || old.length === 0) return [];
  const malicious = old.filter(({ kind }) => riskKinds[kind] === 'malicious').map(({ id }) => id);
  const packages = await maliciousPackages(trx, malicious);
  return old.filter(({ id, kind }) =>
    notAsked.includes(riskDetectorOf(riskKinds[kind] ?? 'baseline', packages.has(id))),
  );
}

/** Those of malicious risks that are packages and no files: they have no hash. */
async function maliciousPackages(trx: Trx, ids: readonly number[]): Promise<Set<number>> {
  if (ids.length === 0) return new Set();
  const rows = await readRiskRows(trx, ids);
  return new Set(ids.filter((id) => rows.get(id)?.hashed === false));
}

/** When the detectors that were not asked now were asked last, as JSON; null when all were. */
async function seenOf(
  trx: Trx,
  manifestId: number,
  before: string | null,
  notAsked: readonly RiskDetector[],
  known: boolean,
): Promise<string | null> {
  if (notAsked.length === 0) return null;
  const image = await trx
    .selectFrom('image')
    .select('scanned_at')
    .where('manifest_id', '=', manifestId)
    .executeTakeFirst();
  const earlier = JSON.parse(before ?? '{}') as Record<string, number>;
  const last = known ? (image?.scanned_at ?? 0) : 0;
  return JSON.stringify(
    Object.fromEntries(notAsked.toSorted().map((detector) => [detector, earlier[detector] ?? last])),
  );
}

/** Since when the keys are there that the first scan did not find, as JSON; null when it found all. */
function sinceOf(
  before: { readonly first_at: number; readonly since: string | null },
  old: readonly Member[],
  members: readonly Member[],
  at: number,
): string | null {
  const known = JSON.parse(before.since ?? '{}') as Record<string, number>;
  const had = new Set(old.map(({ keyId }) => keyId));
  const since: Record<string, number> = {};
  for (const { keyId } of members) {
    const first = had.has(keyId) ? known[keyId] : at;
    if (first !== undefined && first !== before.first_at) since[keyId] = first;
  }
  return Object.keys(since).length === 0 ? null : JSON.stringify(since);
}

/** Members in the order of the findings; those that nobody had before are stored. */
async function internRisks(db: Db, trx: Trx, found: readonly RiskFacts[]): Promise<Member[]> {
  if (found.length === 0) return [];
  const texts = await internTexts(
    db,
    trx,
    found.flatMap(({ key, head, path }) => [key, head, path]),
  );
  const layers = await internLayers(db, trx, distinct(found.map(({ layer }) => layer)));
  const values = new Map<string, { hash: Uint8Array; facts: RiskFacts }>();
  const keys = found.map((facts) => {
    const hash = riskHash(facts);
    values.set(byteKey(hash), { hash, facts });
    return byteKey(hash);
  });
  const ids = await internHashes(trx, 'risk', 'hash', values, (entries) =>
    db.bulkInsert(
      'risk',
      [...riskColumnNames],
      entries.map(({ id, key: { hash, facts } }) => [
        ...[id, hash, codeOf(riskKinds, facts.kind), facts.level, facts.counted ? 1 : 0],
        ...[texts(facts.key), texts(facts.head), facts.path === null ? null : texts(facts.path)],
        ...[bytesOf(facts.md5), bytesOf(facts.sha256)],
        facts.layer === null ? null : layers(facts.layer),
        packBody(facts.body),
      ]),
      { trx },
    ),
  );
  return found.map((facts, index) => ({
    id: ids.get(keys[index] ?? '') ?? 0,
    ...{ kind: codeOf(riskKinds, facts.kind), level: facts.level, counted: facts.counted },
    keyId: texts(facts.key),
  }));
}

const riskColumnNames = [
  ...(['id', 'hash', 'kind', 'level', 'counted', 'key_id', 'head_id', 'path_id', 'md5', 'sha256'] as const),
  ...(['layer_id', 'body'] as const),
] as const;

function bytesOf(hex: string | null): Uint8Array | null {
  return hex === null ? null : Buffer.from(hex, 'hex');
}

async function internRiskSet(db: Db, trx: Trx, members: readonly Member[]): Promise<number> {
  const bytes = encodeRiskMembers(members.map(({ id }) => id));
  const hash = createHash('sha256').update(bytes).digest();
  const ids = await internHashes(trx, 'risk_set', 'hash', new Map([[byteKey(hash), { hash, bytes }]]), (entries) =>
    db.bulkInsert(
      'risk_set',
      ['id', 'hash', 'members'],
      entries.map(({ id, key }) => [id, key.hash, key.bytes]),
      { trx },
    ),
  );
  return ids.get(byteKey(hash)) ?? 0;
}

/** Counters from the members of a set. */
export function tallyOfMembers(members: readonly Omit<Member, 'id' | 'keyId'>[]): RiskTally {
  const counted = members.filter((member) => member.counted);
  return tallyOfRisks(
    (kind, level) => counted.filter((member) => riskKinds[member.kind] === kind && member.level === level).length,
  );
}

const prefixes = { baseline: 'base', instruction: 'inst', malicious: 'mal', sensitive: 'sens' } as const;

/** The columns of counters. */
export function riskColumns(tally: RiskTally): RiskCountsTable {
  return Object.fromEntries(
    riskKinds.flatMap((kind) => {
      const { high, medium, low } = tally[kind];
      const prefix = prefixes[kind];
      return [
        [`${prefix}_h`, high],
        [`${prefix}_m`, medium],
        [`${prefix}_l`, low],
      ];
    }),
  ) as RiskCountsTable;
}

/** Counters from their columns. */
export function riskTallyOf(row: RiskCountsTable): RiskTally {
  return tallyOfRisks((kind, level) => row[`${prefixes[kind]}_${(['h', 'm', 'l'] as const)[level] ?? 'l'}`]);
}
