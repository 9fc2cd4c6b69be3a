import { type Kysely, sql } from 'kysely';
import {
  byCode,
  decodeRiskMembers,
  type EstateRisk,
  type EstateRiskContent,
  type EstateSet,
  type FactsSource,
  type RiskDetector,
  type RiskHead,
  riskKinds,
} from '../../../findings/index.ts';
import type { Db } from '../contract.ts';
import { hexColumn, hexDigest } from '../digest-bytes.ts';
import { inLists } from '../findings/chunks.ts';
import { TextPool } from '../findings/texts.ts';
import type { Tables } from '../tables.ts';

type Trx = Kysely<Tables>;
const batchRows = 2_000;

/** Bulk readers over risks; whoever keeps an index in memory reads everything once, then what changed. */
export function createRiskSource(db: Db): Pick<FactsSource, 'risks' | 'riskSets' | 'riskContents'> {
  const { kysely } = db;
  return {
    risks: (since) => readRisks(db, since),
    riskSets: (since) => readSets(kysely, since),
    riskContents: (since) => readContents(kysely, since),
  };
}

interface Row {
  readonly id: number;
  readonly kind: number;
  readonly level: number;
  readonly counted: number;
  readonly key_id: number;
  readonly head_id: number;
  readonly path_id: number | null;
  readonly layer_id: number | null;
  readonly md5: string | null;
  readonly sha256: string | null;
}

async function* readRisks({ kysely, dialect }: Db, since: number): AsyncGenerator<EstateRisk[]> {
  const texts = new TextPool();
  const heads = new Map<number, RiskHead>();
  for (let after = since; ; ) {
    const { rows } = await sql<Row>`SELECT id, kind, level, counted, key_id, head_id, path_id, layer_id,
      ${hexColumn(dialect, 'md5')} AS md5, ${hexColumn(dialect, 'sha256')} AS sha256
      FROM risk WHERE id > ${after} ORDER BY id LIMIT ${batchRows}`.execute(kysely);
    const last = rows.at(-1);
    if (last === undefined) return;
    await texts.load(
      kysely,
      rows.flatMap(({ head_id, path_id }) => [head_id, path_id]),
    );
    const layers = await layersOf(
      kysely,
      dialect,
      rows.flatMap(({ layer_id }) => layer_id ?? []),
    );
    yield rows.map((row) => {
      let head = heads.get(row.head_id);
      if (head === undefined) {
        head = JSON.parse(texts.get(row.head_id)) as RiskHead;
        heads.set(row.head_id, head);
      }
      return {
        ...{ id: row.id, kind: byCode(riskKinds, row.kind), level: row.level, counted: row.counted === 1 },
        ...{ keyId: row.key_id, headId: row.head_id, head, path: texts.maybe(row.path_id) },
        ...{ md5: row.md5, sha256: row.sha256 },
        layer: row.layer_id === null ? null : (layers.get(row.layer_id) ?? null),
      };
    });
    after = last.id;
  }
}

async function layersOf(trx: Trx, dialect: Db['dialect'], ids: readonly number[]): Promise<Map<number, string>> {
  const layers = new Map<number, string>();
  for (const chunk of inLists(new Set(ids))) {
    const { rows } = await sql<{ id: number; hex: string }>`SELECT id, ${hexColumn(dialect, 'digest')} AS hex FROM layer
      WHERE id IN (${sql.join(chunk)})`.execute(trx);
    for (const { id, hex } of rows) if (hex !== '') layers.set(id, hexDigest(hex));
  }
  return layers;
}

async function* readSets(trx: Trx, since: number): AsyncGenerator<EstateSet[]> {
  for (let after = since; ; ) {
    const rows = await trx
      .selectFrom('risk_set')
      .select(['id', 'members'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(batchRows)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(({ id, members }) => ({ id, members: decodeRiskMembers(members) }));
    after = last.id;
  }
}

async function* readContents(trx: Trx, since: number): AsyncGenerator<EstateRiskContent[]> {
  for (let after = since; ; ) {
    const rows = await trx
      .selectFrom('image_risk')
      .selectAll()
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(batchRows)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(({ manifest_id: manifestId, set_id: setId, first_at: firstAt, since: later, seen }) => ({
      ...{ manifestId, setId, firstAt },
      since: later === null ? null : timesOf(later, Number),
      seen: seen === null ? null : timesOf(seen, (name) => name as RiskDetector),
    }));
    after = last.seq;
  }
}

/** Times by name from their JSON. */
function timesOf<K>(text: string, key: (name: string) => K): Map<K, number> {
  return new Map(Object.entries(JSON.parse(text) as Record<string, number>).map(([name, at]) => [key(name), at]));
}
