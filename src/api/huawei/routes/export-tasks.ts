import type { ExportJob } from '../../../service/index.ts';
import type { HuaweiRoute, RouteCall } from '../contract.ts';
import { serviceRefusal } from '../errors.ts';

const base = {
  method: 'GET',
  action: 'hss:vuls:list',
  scope: 'lookup',
  writes: false,
} as const;

const statuses: Readonly<Record<ExportJob['state'], string>> = {
  queued: 'running',
  running: 'running',
  success: 'success',
  // The file is gone, and its download says so; the task had succeeded.
  expired: 'success',
  failure: 'failure',
  cancelled: 'failure',
};

/** The task as clients poll it; the fields of the file come only with success. */
async function showTask(call: RouteCall, id: string): Promise<object> {
  if (id.length > 64) throw serviceRefusal('HSS.0011');
  const job = await call.services.exports.get(call.call, id);
  if (job === null || job.id !== id || !orderedHere(job, call.projectId)) throw serviceRefusal('HSS.0011');
  const status = statuses[job.state];
  return {
    task_id: job.id,
    task_name: `image_local_vul_${job.createdAt}_export_task`,
    task_status: status,
    ...(status === 'success' && job.fileId !== null ? { file_id: job.fileId, file_name: job.fileName } : {}),
  };
}

/** Tasks are found only under the project that ordered them, and only those of this API. */
export function orderedHere(job: ExportJob, projectId: string): boolean {
  const { request } = job.spec;
  return (
    typeof request === 'object' &&
    request !== null &&
    'facade' in request &&
    request.facade === 'huawei' &&
    'projectId' in request &&
    request.projectId === projectId
  );
}

/** ListQueryExportTask. */
export const queryExportTask: HuaweiRoute = {
  ...base,
  path: '/export-task/:task_id',
  operation: 'ListQueryExportTask',
  handle: (call) => showTask(call, call.params.task_id ?? ''),
};

/** ShowExportTask: the same under another path. */
export const showExportTask: HuaweiRoute = {
  ...base,
  path: '/event/export-task/:task_id',
  operation: 'ShowExportTask',
  handle: (call) => showTask(call, call.params.task_id ?? ''),
};

/** ShowLatestExportTaskByType: the same with the id in the query. */
export const showLatestExportTask: HuaweiRoute = {
  ...base,
  path: '/export-task',
  operation: 'ShowLatestExportTaskByType',
  handle: async (call) => showTask(call, call.query.need('task_id', call.query.text('task_id', { min: 1, max: 256 }))),
};
