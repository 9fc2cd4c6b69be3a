import type { ScanTask } from '../../../service/index.ts';
import { action } from '../action.ts';
import { missing } from '../errors.ts';
import { emptyPage, pageInfo, pageRequest, paging } from '../schema/paging.ts';
import { choice, text, whole } from '../schema/parameter.ts';
import { doneOf, hasFailed, imageScan, progressOf, registryPull, taskTypeOf } from '../views/scan-task.ts';

/** Types of tasks on servers, which Drydock does not have. */
const serverTypes = ['VUL_CHECK_TASK', 'CLIENT_PROBLEM_CHECK', 'CLIENT_DEV_OPS', 'ASSET_SECURITY_CHECK'] as const;

/** Scan tasks with their progress. */
export const describeOnceTask = action({
  name: 'DescribeOnceTask',
  level: 'read',
  tier: 1,
  summary: 'pages through scan tasks with progress and result',
  parameters: {
    ...paging(20),
    EndTimeQuery: whole(),
    RootTaskId: text(128),
    Source: text(64),
    StartTimeQuery: whole(),
    TaskId: text(128),
    TaskType: choice(imageScan, registryPull, ...serverTypes),
  },
  run: async (input, { services, call }) => {
    if (input.TaskType === undefined && input.RootTaskId === undefined) throw missing('TaskType');
    const ids = new Set([input.RootTaskId, input.TaskId].filter((id) => id !== undefined));
    const request = pageRequest(input);
    // No task of Drydock has a parent, so two ids that differ name nothing.
    const none = ids.size > 1 || serverTypes.some((type) => type === input.TaskType);
    const [id] = ids;
    const page = none
      ? emptyPage
      : await services.scans.page(call, {
          ...(input.TaskType === imageScan ? { kind: 'image_scan' as const } : {}),
          ...(input.TaskType === registryPull ? { kind: 'registry_sync' as const } : {}),
          ...(id === undefined ? {} : { id }),
          ...(input.Source === undefined ? {} : { source: input.Source }),
          ...(input.StartTimeQuery === undefined ? {} : { from: input.StartTimeQuery }),
          ...(input.EndTimeQuery === undefined ? {} : { to: input.EndTimeQuery }),
          page: request,
        });
    return { TaskManageResponseList: page.rows.map(taskFields), PageInfo: pageInfo(input, page) };
  },
});

function taskFields(task: ScanTask): object {
  const failed = hasFailed(task);
  const [status, text] =
    task.state === 'queued'
      ? [1, 'INIT']
      : task.state === 'running'
        ? [1, 'START']
        : failed
          ? [3, 'FAIL']
          : [2, 'SUCCESS'];
  return {
    DetailData: '[]',
    FailCount: task.failed,
    Progress: `${progressOf(task)}%`,
    ResultInfo: task.state === 'queued' || task.state === 'running' ? '' : failed ? 'FAIL' : 'SUCCESS',
    SuccessCount: doneOf(task) - task.failed,
    TaskEndTime: task.finishedAt ?? undefined,
    TaskId: task.id,
    TaskName: taskTypeOf(task),
    TaskStartTime: task.startedAt ?? task.createdAt,
    TaskStatus: status,
    TaskStatusText: text,
    TaskType: taskTypeOf(task),
  };
}
