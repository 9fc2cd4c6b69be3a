import { action } from '../action.ts';
import { choice, required, text } from '../schema/parameter.ts';
import { doneOf, hasFailed, imageScan, progressOf } from '../views/scan-task.ts';

/** Progress of the newest scan task. */
export const getLastOnceTaskInfo = action({
  name: 'GetLastOnceTaskInfo',
  level: 'read',
  tier: 2,
  summary: 'tells the progress of the newest scan task',
  parameters: {
    Source: text(64),
    TaskName: required(choice(imageScan)),
    TaskType: required(choice(imageScan)),
  },
  run: async (input, { services, call }) => {
    const { rows } = await services.scans.page(call, {
      kind: 'image_scan',
      ...(input.Source === undefined ? {} : { source: input.Source }),
      page: { offset: 0, limit: 1 },
    });
    const [task] = rows;
    if (task === undefined) return { TaskInfo: { Result: 'TASK_NOT_EXISTS' } };
    const status = { queued: 'INIT', running: 'START', finished: 'SUCCESS', cancelled: 'TIMEOUT' }[task.state];
    return {
      CollectTime: task.createdAt,
      FinishCount: doneOf(task),
      TaskInfo: { Progress: progressOf(task), Result: 'SUCCESS', Status: hasFailed(task) ? 'TIMEOUT' : status },
      TotalCount: task.total,
    };
  },
});
