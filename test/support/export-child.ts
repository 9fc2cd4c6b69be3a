import process from 'node:process';
import { createExportFiles } from '../../src/adapters/exports/files.ts';
import { createExportStore } from '../../src/adapters/sql/exports/index.ts';
import { openDatabase, type StoreTarget } from '../../src/adapters/sql/index.ts';
import type { ClaimedJob, JobQueue } from '../../src/jobs/index.ts';
import { createExportHandler, type ExportFiles, type ExportStore, Turns } from '../../src/service/index.ts';
import { createMemoryQueue } from './memory-queue.ts';

/** What a test tells a process that produces one export and dies on the way. */
export interface ExportChildInput {
  readonly target: StoreTarget;
  readonly folder: string;
  readonly exportId: string;
  readonly fence: number;
  /** `<call>:<n>`: dies (SIGKILL) behind the n-th call of a method of store or files; `before:` dies in front of it. */
  readonly death: string | null;
}

const input = JSON.parse(process.argv[2] ?? '{}') as ExportChildInput;
const [point = '', number = '1', when = 'behind'] = (input.death ?? '').split(':');
let calls = 0;

/** Dies around calls of one method. */
function mortal<T extends object>(target: T): T {
  const method = target[point as keyof T];
  if (typeof method !== 'function') return target;
  const wrapped = async (...args: unknown[]): Promise<unknown> => {
    const last = ++calls === Number(number);
    if (last && when === 'before') await die();
    const result = await method.apply(target, args);
    if (last) await die();
    return result;
  };
  return { ...target, [point]: wrapped };
}

async function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}

const db = await openDatabase(input.target);
const store: ExportStore = mortal(createExportStore(db));
const files: ExportFiles = mortal(createExportFiles(input.folder));
const now = (): number => Date.now();
const queue = createMemoryQueue() as unknown as JobQueue;
const handler = createExportHandler({
  store,
  files,
  turns: new Turns({ store, files, queue, now, concurrent: 2 }),
  now,
  tool: { name: 'drydock', version: '0' },
  retentionMs: 3_600_000,
});
const job = { payload: { exportId: input.exportId }, fence: input.fence, attempts: 1, maxAttempts: 99 };
await handler.run(job as unknown as ClaimedJob, {
  signal: new AbortController().signal,
  progress: () => {},
  held: async () => true,
});
await db.close();
