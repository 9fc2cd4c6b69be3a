import type { ImageView, ScanTask, ScanTaskItem } from '../../../service/index.ts';
import type { HuaweiRoute, RouteCall } from '../contract.ts';
import { serviceRefusal } from '../errors.ts';
import { pageOf } from '../input/page.ts';
import type { QueryInput } from '../input/query.ts';

const maxFailed = 100;

/** Scan and synchronisation tasks, newest first. */
export const listScanTasks: HuaweiRoute = {
  method: 'GET',
  path: '/image/tasks',
  operation: 'ListImageTasks',
  action: 'hss:images:list',
  scope: 'list',
  writes: false,
  handle: async (call) => {
    const { query, services } = call;
    const type = query.need('type', query.word('type', ['image_scan', 'image_sync']));
    const imageType = query.word('global_image_type', ['local', 'registry']) ?? 'local';
    const trigger = query.word('task_type', ['cycle', 'manual', 'autoSync', 'manualSync']);
    const page = pageOf(query);
    const scope = query.integer('scan_scope', 0, 0x7fffffff);
    if (scope !== undefined && scope !== 0x7fffffff) return { total_num: 0, data_list: [] };
    const wanted = tasksQuery(query, type);
    const automatic = trigger === 'cycle' || trigger === 'autoSync';
    const found = await services.scans.page(call.call, {
      ...wanted,
      ...(automatic ? { source: 'schedule' } : {}),
      page,
    });
    const tasks =
      trigger === undefined || automatic ? found.rows : found.rows.filter(({ source }) => source !== 'schedule');
    const items = await Promise.all(tasks.map((task) => item(call, task, imageType)));
    return { total_num: found.total, data_list: items };
  },
};

function tasksQuery(
  query: QueryInput,
  type: 'image_scan' | 'image_sync',
): Omit<Parameters<RouteCall['services']['scans']['page']>[1], 'page'> {
  const [name, id] = [query.text('task_name', { max: 256 }), query.text('task_id', { max: 64 })];
  const [from, to] = [query.integer('create_time'), query.integer('end_time')];
  const status = query.word('task_status', ['scanning', 'finished']);
  return {
    kind: type === 'image_scan' ? 'image_scan' : 'registry_sync',
    ...(name === undefined ? {} : { name }),
    ...(id === undefined ? {} : { id }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(status === undefined
      ? {}
      : { states: status === 'scanning' ? (['queued', 'running'] as const) : (['finished', 'cancelled'] as const) }),
  };
}

async function item(call: RouteCall, task: ScanTask, imageType: string): Promise<object> {
  const failed = task.failed === 0 ? [] : await failedImages(call, task);
  const sync = task.kind === 'registry_sync';
  const automatic = task.source === 'schedule';
  return {
    task_id: task.id,
    policy_id: '',
    task_name: task.name,
    begin_time: task.startedAt ?? task.createdAt,
    end_time: task.finishedAt ?? 0,
    remain_min: remaining(task),
    task_type: sync ? (automatic ? 'autoSync' : 'manualSync') : automatic ? 'cycle' : 'manual',
    image_type: imageType,
    task_status: status(task),
    scan_scope: 0x7fffffff,
    rate_limit: 0,
    is_all: false,
    failed_num: task.failed,
    success_num: Math.max(0, task.finished - task.failed),
    total_num: task.total,
    risky_num: 0,
    ...(sync ? { sync_task_type: automatic ? 'autoSync' : 'manualSync' } : {}),
    failed_reason: '',
    failed_images: failed,
  };
}

/** 100 done, 0–99 progress, −1 stopped. */
function status(task: ScanTask): number {
  if (task.state === 'cancelled') return -1;
  if (task.state === 'finished') return 100;
  return task.total === 0 ? 0 : Math.min(99, Math.floor((task.finished * 100) / task.total));
}

/** Minutes that the rest takes at the pace so far; 0 when nothing is known. */
function remaining(task: ScanTask): number {
  if (task.state !== 'running' || task.startedAt === null || task.finished === 0) return 0;
  const perImage = (task.updatedAt - task.startedAt) / task.finished;
  return Math.max(0, Math.ceil(((task.total - task.finished) * perImage) / 60_000));
}

async function failedImages({ call, services }: RouteCall, task: ScanTask): Promise<object[]> {
  const items = await services.scans.items(call, {
    taskId: task.id,
    states: ['failed', 'unsupported', 'too_large'],
    page: { offset: 0, limit: maxFailed },
  });
  const images = await services.images.byUuids(call, [...new Set(items.rows.map(({ imageUuid }) => imageUuid))]);
  const byUuid = new Map(images.map((image) => [image.uuid, image]));
  return items.rows.flatMap((row) => {
    const image = byUuid.get(row.imageUuid);
    return image === undefined ? [] : [failedImage(row, image)];
  });
}

function failedImage(row: ScanTaskItem, image: ImageView): object {
  return {
    id: image.id,
    registry_id: image.registry.instanceId,
    registry_name: image.registry.name,
    image_name: image.repository.path,
    image_version: image.tag ?? '',
    namespace: image.repository.namespace,
    registry_type: image.registry.kind === 'harbor' ? 'Harbor' : 'Other',
    failed_reason: row.reason?.code ?? 'unknown_error',
  };
}

/** Stops a task; what has finished stays. */
export const stopScanTask: HuaweiRoute = {
  method: 'PUT',
  path: '/image/image-scan/tasks/:task_id/stop',
  operation: 'StopImageScanTask',
  action: 'hss:images:operate',
  scope: 'lookup',
  writes: true,
  handle: async ({ call, params, services }) => {
    const id = params.task_id ?? '';
    if (!/^[a-z0-9-]{1,64}$/.test(id)) throw serviceRefusal('HSS.0001', 'Check task_id.');
    if (!(await services.scans.cancel(call, id))) throw serviceRefusal('HSS.0011');
    return {};
  },
};
