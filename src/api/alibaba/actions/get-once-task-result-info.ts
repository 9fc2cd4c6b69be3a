import { action } from '../action.ts';
import { invalid } from '../errors.ts';
import { choice, required, text } from '../schema/parameter.ts';
import { doneOf, hasFailed, imageScan } from '../views/scan-task.ts';

/** Progress of one scan task. The id stays away from the answer: clients type it as a number, and it is none. */
export const getOnceTaskResultInfo = action({
  name: 'GetOnceTaskResultInfo',
  level: 'read',
  tier: 2,
  summary: 'tells the progress of a scan task',
  parameters: {
    TaskId: required(text(128)),
    TaskName: required(choice(imageScan)),
    TaskType: required(choice(imageScan)),
  },
  run: async (input, { services, call }) => {
    const task = await services.scans.get(call, input.TaskId);
    if (task === null) throw invalid('TaskId');
    const status = { queued: 'INIT', running: 'START', finished: 'SUCCESS', cancelled: 'TIMEOUT' }[task.state];
    return {
      CollectTime: task.startedAt ?? task.createdAt,
      FinishCount: doneOf(task),
      TaskInfo: { Status: hasFailed(task) ? 'TIMEOUT' : status },
      TotalCount: task.total,
    };
  },
});
