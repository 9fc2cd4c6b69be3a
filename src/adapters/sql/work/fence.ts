import type { Transaction } from 'kysely';
import type { Fence } from '../../../jobs/index.ts';
import type { Db, Tables } from '../index.ts';

/**
 * Whether a worker still owns its job, asked inside the transaction of what it wants to write. The row stays locked until
 * the end of it, so nobody can take the job over in between.
 */
export async function stillOwns(trx: Transaction<Tables>, dialect: Db['dialect'], fence: Fence): Promise<boolean> {
  const query = trx
    .selectFrom('job')
    .select('seq')
    .where('id', '=', fence.jobId)
    .where('fence', '=', fence.fence)
    .where('state', '=', 'running');
  return (await (dialect === 'postgres' ? query.forUpdate() : query).executeTakeFirst()) !== undefined;
}
