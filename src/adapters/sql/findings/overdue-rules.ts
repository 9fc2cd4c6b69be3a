import { type Kysely, sql } from 'kysely';
import { covers, type StoredRule, vulnerabilityKey } from '../../../findings/index.ts';
import type { Tables } from '../tables.ts';
import { readMatchesOf } from './matches.ts';
import { PackageReader } from './packages.ts';
import { generationTimes } from './revisions.ts';
import { readRules } from './rule-rows.ts';

type Trx = Kysely<Tables>;

/** Rules whose time has passed, and rules until a fix of whose vulnerabilities one got a fix since they were made. */
export async function overdueRules(trx: Trx, now: number): Promise<readonly number[]> {
  const open = trx.selectFrom('rule').select('id').where('ended_at', 'is', null);
  const late = await open.where('expires_at', '<=', now).execute();
  const waiting = await open.where('expires_when', '=', 'any_fix').execute();
  const overdue = new Set(late.map(({ id }) => id));
  const times = await generationTimes(trx);
  for (const rule of await readRules(
    trx,
    waiting.map(({ id }) => id),
  )) {
    if (!overdue.has(rule.id) && (await hasNewFix(trx, rule, times))) overdue.add(rule.id);
  }
  return [...overdue].sort((a, b) => a - b);
}

/** A decision about no vulnerability in particular does not end with the fix of one. */
async function hasNewFix(trx: Trx, rule: StoredRule, times: ReadonlyMap<number, number>): Promise<boolean> {
  if (rule.vulnerabilities.length === 0) return false;
  const ids = await vulnerabilityIds(trx, rule.vulnerabilities);
  const fixed = (await readMatchesOf(trx, ids)).filter(
    ({ state, fromGeneration }) => state === 'fixed' && (times.get(fromGeneration) ?? 0) > rule.createdAt,
  );
  if (fixed.length === 0) return false;
  const packages = new Map(
    (await new PackageReader(trx).byIds(fixed.map(({ packageId }) => packageId))).map((pkg) => [pkg.id, pkg]),
  );
  // The rule is asked as if it did not wait for a fix: it covers nothing that has one.
  return fixed.some((match) => {
    const pkg = packages.get(match.packageId);
    if (pkg === undefined) return false;
    const finding = { kind: pkg.kind, id: match.id, aliases: match.aliases, key: vulnerabilityKey(pkg, match.id) };
    return covers(
      { ...rule, expiresWhen: 'none' },
      { ...finding, packageName: pkg.name, purl: pkg.purl, state: match.state },
    );
  });
}

async function vulnerabilityIds(trx: Trx, names: readonly string[]): Promise<number[]> {
  // A key ends with the id.
  const ids = [...new Set(names.flatMap((name) => [name, name.slice(name.lastIndexOf(':') + 1)]))];
  const found = new Set<number>();
  for (let at = 0; at < ids.length; at += 500) {
    const list = sql.join(ids.slice(at, at + 500));
    const { rows } = await sql<{ id: number }>`SELECT id FROM vuln WHERE name IN (${list})
      UNION SELECT vuln_id FROM vuln_alias WHERE alias IN (${list})`.execute(trx);
    for (const { id } of rows) found.add(id);
  }
  return [...found];
}
