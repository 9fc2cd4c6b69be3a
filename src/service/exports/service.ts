import { randomUUID } from 'node:crypto';
import type { AuditLog, Project } from '../../access/index.ts';
import { rowFormats, writeSnapshot } from '../../exports/index.ts';
import { QueryError, type RowSources } from '../../findings/index.ts';
import type { JobQueue } from '../../jobs/index.ts';
import { CodedError, messageOf } from '../../kernel/index.ts';
import type { Call, ExportFile, ExportJob, ExportService, ExportSpec, ProjectScope } from '../contract/index.ts';
import { ServiceError } from '../errors.ts';
import { type OpenedRows, openRows } from './feed.ts';
import { checkOrder, checkRows, fileNameOf } from './order.ts';
import type { ExportFiles, ExportRecord, ExportStore } from './ports.ts';
import type { Turns } from './turns.ts';

/** What exports need. */
export interface ExportServiceDeps {
  readonly store: ExportStore;
  readonly files: ExportFiles;
  readonly sources: RowSources;
  readonly queue: JobQueue;
  readonly turns: Turns;
  readonly audit: AuditLog;
  projects(): Promise<readonly Project[]>;
  now(): number;
  /** Says that something failed after its caller had been answered. */
  failed(error: unknown): void;
  /** ms between two rounds of cleaning up behind crashes and expiry; absent = a minute, null = none (tests). */
  readonly tendMs?: number | null;
}

/** The service, and what its process owes it. */
export interface ExportServiceHandle extends ExportService {
  /** Stops pinning and cleaning up; what was not pinned completely fails. */
  stop(): Promise<void>;
}

/** Unfinished exports that a project may have, running and waiting. */
const maxOpen = 100;
/** How long an order waits for its rows to be pinned before it answers; pinning goes on behind the answer. */
const pinWaitMs = 1500;

/**
 * Exports as jobs (adr/0008): an order counts its rows on one state of the estate, pins them in a snapshot file and
 * queues the production, which reads nothing else.
 */
export function createExportService(deps: ExportServiceDeps): ExportServiceHandle {
  const stopping = new AbortController();
  const pinning = new Set<Promise<void>>();
  const rest = tendRegularly(deps);
  return {
    async order(call, spec) {
      const record = await order(deps, call, spec, stopping.signal, pinning);
      return jobOf(record);
    },
    get: async (call, name) => {
      const record = await find(deps.store, call, name);
      return record === null ? null : jobOf(record);
    },
    page: async (call, { page }) => {
      const found = await deps.store.page(call.projects, page);
      return { rows: found.rows.map(jobOf), total: found.total, totalIsBound: false, next: found.next };
    },
    file: (call, id) => openFile(deps, call, id),
    cancel: (call, id) => cancel(deps, call, id),
    async stop() {
      rest();
      stopping.abort(new CodedError('cancelled', 'The server is stopping'));
      await Promise.allSettled(pinning);
    },
  };
}

/** Tends at once and regularly, never twice at a time; the result stops it. */
function tendRegularly({ turns, failed, tendMs = 60_000 }: ExportServiceDeps): () => void {
  if (tendMs === null) return () => {};
  let busy = false;
  const tend = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    await turns.tend().catch(failed);
    busy = false;
  };
  void tend();
  const timer = setInterval(tend, tendMs);
  timer.unref();
  return () => clearInterval(timer);
}

async function order(
  deps: ExportServiceDeps,
  call: Call,
  spec: ExportSpec,
  stopping: AbortSignal,
  pinning: Set<Promise<void>>,
): Promise<ExportRecord> {
  const { store, now } = deps;
  const columns = checkOrder(spec);
  const projectId = call.projects !== 'all' && call.projects.length === 1 ? (call.projects[0] ?? null) : null;
  const fairKey = projectId === null ? 'several' : `project:${projectId}`;
  if ((await store.countOpen(fairKey)) >= maxOpen) {
    throw new ServiceError('too_many_exports', `${maxOpen} exports of this project have not finished yet`, {
      hint: 'Wait for some of them, or cancel them.',
    });
  }
  const names = new Map((await deps.projects()).map(({ id, name }) => [id, name]));
  const opened = await open(deps, call, spec, names);
  checkRows(spec, opened.rows);
  const at = now();
  const record = await store.insert({
    id: randomUUID(),
    projectId,
    projects: call.projects,
    fairKey,
    spec,
    columns,
    pins: opened.pins,
    rowsTotal: opened.rows,
    rowsMatched: opened.matched,
    fileName: fileNameOf(spec, at),
    createdAt: at,
  });
  await deps.audit.record({
    actor: call.actor,
    action: 'export.order',
    object: `export:${record.id}`,
    projectId,
    detail: { subject: spec.subject, format: spec.format, rows: opened.rows, filter: spec.filter ?? null },
  });
  await pinWithin(pin(deps, record, opened, stopping), pinning);
  return (await store.get({ id: record.id })) ?? record;
}

async function open(
  deps: ExportServiceDeps,
  call: Call,
  spec: ExportSpec,
  names: ReadonlyMap<number, string>,
): Promise<OpenedRows> {
  try {
    return await openRows(deps.sources, { spec, projects: call.projects }, names, call.signal);
  } catch (error) {
    // Filters come in as data: what the query part cannot answer is the caller's mistake.
    if (error instanceof QueryError) {
      throw new ServiceError('invalid_field', error.message, { field: 'filter', cause: error });
    }
    throw error;
  }
}

/** Waits for pinning as long as a caller may wait. What fails later is in the export itself. */
async function pinWithin(work: Promise<void>, pinning: Set<Promise<void>>): Promise<void> {
  pinning.add(work);
  void work.finally(() => pinning.delete(work)).catch(() => {});
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, pinWaitMs);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}

/** Writes the rows down and lets the export have its turn; a failure ends the export and is not thrown. */
async function pin(
  deps: ExportServiceDeps,
  record: ExportRecord,
  { feed, rows }: OpenedRows,
  signal: AbortSignal,
): Promise<void> {
  const { store, files, now, turns } = deps;
  try {
    const snapshot = await files.createSnapshot(record.id);
    let heard = now();
    const sink = {
      write: async (bytes: Uint8Array): Promise<void> => {
        await snapshot.write(bytes);
        if (now() - heard < 10_000) return;
        heard = now();
        if (!(await store.touch(record.id, heard))) throw new CodedError('cancelled', 'The export was cancelled');
      },
    };
    try {
      await writeSnapshot(feed, sink, { expected: rows, signal });
    } finally {
      await snapshot.close();
    }
    if (await store.markPinned(record.id, now())) await turns.admit(record.fairKey);
  } catch (error) {
    const code = error instanceof CodedError ? error.code : 'internal';
    if (code !== 'cancelled') deps.failed(error);
    const message = code === 'internal' ? 'The rows could not be stored' : messageOf(error);
    await store.end(record.id, 'failure', { code, message }, now()).catch(deps.failed);
    await files.remove(record.id).catch(deps.failed);
  }
}

/** Whether everything that an export holds may be seen. */
function maySee(scope: ProjectScope, held: ProjectScope): boolean {
  return scope === 'all' || (held !== 'all' && held.every((id) => scope.includes(id)));
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function find(store: ExportStore, call: Call, name: string | number): Promise<ExportRecord | null> {
  if (typeof name === 'number') {
    if (!Number.isSafeInteger(name)) return null;
    const record = await store.get({ number: name });
    return record !== null && maySee(call.projects, record.projects) ? record : null;
  }
  if (!uuid.test(name)) return null;
  const record = (await store.get({ id: name })) ?? (await store.get({ fileId: name }));
  return record !== null && maySee(call.projects, record.projects) ? record : null;
}

async function openFile(deps: ExportServiceDeps, call: Call, name: string): Promise<ExportFile | null> {
  const record = await find(deps.store, call, name);
  if (record === null) return null;
  const over = record.expiresAt !== null && record.expiresAt <= deps.now();
  if (record.state === 'expired' || (record.state === 'success' && over)) {
    throw new ServiceError('expired', 'The file has expired', { hint: 'Order the export again.' });
  }
  const { bytes, sha256 } = record;
  if (record.state !== 'success' || bytes === null || sha256 === null) return null;
  if (!(await deps.files.has(record.id, bytes))) {
    throw new ServiceError('unavailable', 'The file is not where this server keeps its exports', {
      hint: 'Let all servers share one data directory.',
    });
  }
  await deps.audit.record({
    actor: call.actor,
    action: 'export.download',
    object: `export:${record.id}`,
    projectId: record.projectId,
    detail: { file: record.fileName },
  });
  return {
    name: record.fileName,
    bytes,
    sha256,
    contentType: rowFormats[record.spec.format].contentType,
    open: (start, end) => deps.files.read(record.id, start, end),
  };
}

async function cancel(deps: ExportServiceDeps, call: Call, id: string): Promise<boolean> {
  const record = await find(deps.store, call, id);
  if (record === null) return false;
  const reason = { code: 'cancelled', message: `Cancelled by ${call.actor.name}` };
  if (!(await deps.store.end(record.id, 'cancelled', reason, deps.now()))) return false;
  if (record.queueId !== null) await deps.queue.cancel(record.queueId);
  await deps.audit.record({
    actor: call.actor,
    action: 'export.cancel',
    object: `export:${record.id}`,
    projectId: record.projectId,
    detail: {},
  });
  await deps.turns.admit(record.fairKey);
  return true;
}

function jobOf(record: ExportRecord): ExportJob {
  const { id, number, projectId, spec, state, reason, rowsTotal, rowsMatched, rowsDone, fileId, fileName } = record;
  const { bytes, sha256, createdAt, finishedAt, expiresAt } = record;
  return {
    id,
    number,
    projectId,
    spec,
    state,
    reason,
    rowsTotal,
    rowsMatched,
    rowsDone,
    fileId,
    fileName,
    bytes,
    sha256,
    createdAt,
    finishedAt,
    expiresAt,
  };
}
