import { action } from '../action.ts';
import { invalid } from '../errors.ts';
import { required, text } from '../schema/parameter.ts';

/** Stops a scan task; what has ended stays, and a task that has ended is no error. */
export const cancelOnceTask = action({
  name: 'CancelOnceTask',
  level: 'write',
  tier: 1,
  summary: 'stops a scan task',
  parameters: { TaskId: required(text(128)) },
  run: async (input, { services, call }) => {
    if (!(await services.scans.cancel(call, input.TaskId))) throw invalid('TaskId');
    return {};
  },
});
