import { randomUUID } from 'node:crypto';
import { produce, selectColumns } from '../../exports/index.ts';
import type { ClaimedJob, JobContext } from '../../jobs/index.ts';
import { CodedError } from '../../kernel/index.ts';
import { huaweiManifest, manifestOf, type Tool } from './manifest.ts';
import { sortedByImage } from './order.ts';
import type { ExportFiles, ExportRecord, ExportStore } from './ports.ts';

/** What producing a file needs. */
export interface ProductionDeps {
  readonly store: ExportStore;
  readonly files: ExportFiles;
  readonly tool: Tool;
  now(): number;
  /** How long files can be downloaded; seven days unless somebody says otherwise. */
  readonly retentionMs: number;
}

/**
 * Produces the file of an export from its snapshot, from the last checkpoint on. Begun twice it ends once, with the same
 * bytes; a worker that lost the export notices at its next checkpoint and changes nothing.
 */
export async function produceExport(
  deps: ProductionDeps,
  record: ExportRecord,
  job: Pick<ClaimedJob, 'fence'>,
  context: JobContext,
): Promise<void> {
  const { store, files, now } = deps;
  await using stack = new AsyncDisposableStack();
  const snapshot = await files.openSnapshot(record.id);
  stack.defer(() => snapshot.close());
  const out = await files.openOutput(record.id);
  stack.defer(() => out.close());
  const { bytes, parts } = await produce({
    snapshot,
    out,
    file: {
      format: record.spec.format,
      columns: columnsOf(record),
      bom: record.spec.bom ?? false,
      raw: record.spec.raw ?? false,
      innerManifest: (parts) => huaweiManifest(record, deps.tool, parts),
    },
    rows: record.rowsTotal,
    byImage: sortedByImage(record.spec),
    from: stillHolds(record, out.size) ? record.checkpoint : null,
    signal: context.signal,
    checkpoint: async (state) => {
      if (await store.checkpoint(record.id, job.fence, state, now())) return;
      throw new CodedError('lease_lost', 'Another worker has this export, or it was cancelled');
    },
    progress: (rows) => context.progress({ stage: 'writing', done: rows, total: record.rowsTotal }),
  });
  const sha256 = await files.seal(record.id, bytes, context.signal);
  await files.writeManifest(record.id, manifestOf(record, deps.tool, { bytes, sha256, parts }));
  const finishedAt = now();
  const expiresAt = finishedAt + deps.retentionMs;
  if (!(await store.succeed(record.id, job.fence, { bytes, sha256, fileId: randomUUID(), finishedAt, expiresAt }))) {
    throw new CodedError('lease_lost', 'Another worker has this export, or it was cancelled');
  }
  await files.removeSnapshot(record.id);
}

function columnsOf(record: ExportRecord): Parameters<typeof produce>[0]['file']['columns'] {
  const { spec } = record;
  const selected = selectColumns(spec.subject === 'images' ? 'images' : spec.grain, spec.format, record.columns);
  if ('columns' in selected) return selected.columns;
  throw new CodedError('unsupported', `This version has no column ${selected.unknown}`);
}

/** A checkpoint counts only as long as the bytes before it are there. */
function stillHolds({ checkpoint }: ExportRecord, size: number): boolean {
  const file = checkpoint?.file as { readonly position?: number } | null | undefined;
  return typeof file?.position === 'number' && file.position <= size;
}
