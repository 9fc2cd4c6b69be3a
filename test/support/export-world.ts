import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createExportFiles } from '../../src/adapters/exports/files.ts';
import { createExportStore } from '../../src/adapters/sql/exports/index.ts';
import type { Db } from '../../src/adapters/sql/index.ts';
import type { RowSources } from '../../src/findings/index.ts';
import type { ClaimedJob, JobQueue } from '../../src/jobs/index.ts';
import {
  type Call,
  createExportHandler,
  createExportService,
  type ProjectScope,
  Turns,
} from '../../src/service/index.ts';
import { createFakeAudit } from './fake-access.ts';
import { createMemoryQueue } from './memory-queue.ts';

/** A caller with rights on projects. */
export function callOf(projects: ProjectScope): Call {
  const actor = { name: 'alice', userId: 1, accessKeyId: null, address: null, requestId: 'r' };
  return { projects, actor, signal: new AbortController().signal };
}

/** Exports over a database and files, with time and a queue in the hands of the test. */
export async function exportWorld(t: TestContext, db: Db, sources: RowSources, options: { concurrent?: number } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-exports-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const clock = { now: Date.UTC(2026, 10, 20) };
  const now = (): number => clock.now;
  const queue = createMemoryQueue();
  const store = createExportStore(db);
  const files = createExportFiles(folder);
  const turns = new Turns({
    store,
    files,
    queue: queue as unknown as JobQueue,
    now,
    concurrent: options.concurrent ?? 2,
  });
  const audit = createFakeAudit();
  const failures: unknown[] = [];
  const service = createExportService({
    store,
    files,
    sources,
    queue: queue as unknown as JobQueue,
    turns,
    audit,
    projects: async () => [
      { id: 1, name: 'default', extId: '0' },
      { id: 2, name: 'bank', extId: 'b' },
    ],
    now,
    failed: (error) => void failures.push(error),
    tendMs: null,
  });
  t.after(() => service.stop());
  const handler = createExportHandler({
    store,
    files,
    turns,
    now,
    tool: { name: 'drydock', version: '0' },
    retentionMs: 7 * 24 * 3_600_000,
  });
  /** Runs one job as a worker does; what it throws ends the job. */
  const work = async (job: ClaimedJob | null = queue.take(), signal = new AbortController().signal): Promise<void> => {
    if (job === null) throw new Error('no job waits');
    try {
      await handler.run(job, { signal, progress: () => {}, held: async () => true });
      queue.set(job.id, { state: 'succeeded' });
    } catch (error) {
      if (signal.aborted) throw error;
      const failure = { code: 'test', message: String(error) };
      queue.set(job.id, { state: 'failed', failure });
      throw error;
    }
  };
  return { folder, clock, queue, store, files, turns, audit, failures, service, work };
}
