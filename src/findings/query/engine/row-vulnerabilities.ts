import type { Sort } from '../contract.ts';
import { QueryError } from '../errors.ts';
import type { Pacer } from '../estate/pacer.ts';
import type { VulnerabilityRow } from '../row-source.ts';
import { describeMatch } from './describe.ts';
import type { Plan } from './plan.ts';
import { vulnerabilityPage } from './vulnerability-rows.ts';

/** Vulnerabilities of a plan, the worst first unless another order of matches is asked for. */
export async function* vulnerabilityBlocks(
  plan: Plan,
  sort: Sort | undefined,
  from: string | null,
  limit: number,
  pacer: Pacer,
): AsyncGenerator<{ rows: VulnerabilityRow[]; position: string }> {
  let offset = from === null ? 0 : Number(from);
  if (!Number.isSafeInteger(offset) || offset < 0) throw new QueryError('bad_cursor', 'this position is of no export');
  const order = sort ?? { by: 'worst', descending: false };
  while (offset < limit) {
    const page = await vulnerabilityPage(plan, order, { offset, limit: Math.min(500, limit - offset) }, pacer);
    if (page.rows.length === 0) return;
    offset += page.rows.length;
    yield {
      rows: page.rows.map((row) => ({
        facts: describeMatch(plan.snapshot, row.match),
        images: row.images,
        asap: row.byPriority[0],
        later: row.byPriority[1],
        nntf: row.byPriority[2],
        openFindings: row.findings - row.handled,
        handledFindings: row.handled,
        firstSeen: row.firstSeen,
        lastSeen: row.lastSeen,
      })),
      position: String(offset),
    };
  }
}
