import { ServiceError } from '../../../service/index.ts';
import { action } from '../action.ts';
import { required, text } from '../schema/parameter.ts';

/** Log of a fix task; an unknown task has no lines. */
export const describeTaskErrorLog = action({
  name: 'DescribeTaskErrorLog',
  level: 'read',
  tier: 1,
  summary: 'tells the log of a fix task',
  parameters: { BuildTaskId: required(text(128)) },
  run: async (input, { services, call }) => {
    const lines = await services.fixes.log(call, input.BuildTaskId).catch((error: unknown) => {
      if (error instanceof ServiceError && error.code === 'not_found') return [];
      throw error;
    });
    return { Logs: lines.map((line) => ({ Text: withoutControls(line) })) };
  },
});

/** Terminal sequences and other control characters have no place in a log that people print. */
function withoutControls(line: string): string {
  return line.replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}
