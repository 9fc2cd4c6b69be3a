import { type Kysely, sql } from 'kysely';
import { decodeRiskMembers, type RiskFinding, riskFinding } from '../../../findings/index.ts';
import { inLists } from '../findings/chunks.ts';
import type { Tables } from '../tables.ts';
import { unpackBody } from './body.ts';

type Trx = Kysely<Tables>;

/** The columns of a risk that counters and keys are made of. */
export interface RiskRow {
  readonly id: number;
  readonly kind: number;
  readonly level: number;
  readonly counted: boolean;
  readonly keyId: number;
  /** A file with a hash. */
  readonly hashed: boolean;
}

interface RowColumns {
  readonly id: number;
  readonly kind: number;
  readonly level: number;
  readonly counted: number;
  readonly key_id: number;
  readonly hashed: number;
}

/** Risks by id, without what they say. */
export async function readRiskRows(trx: Trx, ids: Iterable<number>): Promise<Map<number, RiskRow>> {
  const found = new Map<number, RiskRow>();
  for (const chunk of inLists(new Set(ids))) {
    const { rows } =
      await sql<RowColumns>`SELECT id, kind, level, counted, key_id, CASE WHEN md5 IS NULL THEN 0 ELSE 1 END AS hashed
      FROM risk WHERE id IN (${sql.join(chunk)})`.execute(trx);
    for (const { id, kind, level, counted, key_id, hashed } of rows) {
      found.set(id, { id, kind, level, counted: counted === 1, keyId: key_id, hashed: hashed === 1 });
    }
  }
  return found;
}

/** Findings by id of their risk, as detectors reported them. */
export async function readRiskFindings(trx: Trx, ids: Iterable<number>): Promise<Map<number, RiskFinding>> {
  const found = new Map<number, RiskFinding>();
  for (const chunk of inLists(new Set(ids))) {
    const rows = await trx
      .selectFrom('risk')
      .innerJoin('dict', 'dict.id', 'risk.head_id')
      .select(['risk.id', 'dict.text', 'risk.body'])
      .where('risk.id', 'in', chunk)
      .execute();
    for (const { id, text, body } of rows) found.set(id, riskFinding(text, unpackBody(body)));
  }
  return found;
}

/** The findings of detectors in one image, in the order of its report. */
export async function readImageRisks(trx: Trx, manifestId: number): Promise<readonly RiskFinding[]> {
  const row = await trx
    .selectFrom('image_risk')
    .innerJoin('risk_set', 'risk_set.id', 'image_risk.set_id')
    .select('risk_set.members')
    .where('image_risk.manifest_id', '=', manifestId)
    .executeTakeFirst();
  const ids = row === undefined ? [] : [...decodeRiskMembers(row.members)];
  const findings = await readRiskFindings(trx, ids);
  return ids.flatMap((id) => findings.get(id) ?? []);
}
