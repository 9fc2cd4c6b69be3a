import type { JobHandler } from '../../jobs/index.ts';
import { CodedError, messageOf } from '../../kernel/index.ts';
import { type ProductionDeps, produceExport } from '../exports/production.ts';
import type { Turns } from '../exports/turns.ts';

/** Work of kind `export`; its payload is `{ exportId }`. */
export function createExportHandler(deps: ProductionDeps & { readonly turns: Turns }): JobHandler {
  return {
    kind: 'export',
    async run(job, context) {
      const id = exportIdOf(job.payload);
      const record = await deps.store.begin(id, job.fence, deps.now());
      // Ended meanwhile: there is nothing left to do but what a worker that died behind its success had left.
      if (record === null) {
        if ((await deps.store.get({ id }))?.state === 'success') await deps.files.removeSnapshot(id);
        return;
      }
      try {
        await produceExport(deps, record, job, context);
      } catch (error) {
        const again = error instanceof CodedError && error.retryable && job.attempts < job.maxAttempts;
        const lost = error instanceof CodedError && error.code === 'lease_lost';
        if (!context.signal.aborted && !again && !lost) {
          const code = error instanceof CodedError ? error.code : systemCode(error);
          await deps.store.end(id, 'failure', { code, message: messageOf(error) }, deps.now(), job.fence);
          await deps.turns.admit(record.fairKey);
        }
        throw error;
      }
      await deps.turns.admit(record.fairKey);
    },
  };
}

function exportIdOf(payload: unknown): string {
  if (
    typeof payload === 'object' &&
    payload !== null &&
    'exportId' in payload &&
    typeof payload.exportId === 'string'
  ) {
    return payload.exportId;
  }
  throw new CodedError('invalid_order', 'The job names no export');
}

function systemCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'storage_full' : 'internal';
}
