import { action } from '../action.ts';
import { repositoryTarget } from '../views/repository-target.ts';

/** The schedule of automatic fixing. */
export const describeImageFixCycleConfig = action({
  name: 'DescribeImageFixCycleConfig',
  level: 'read',
  tier: 1,
  summary: 'tells the schedule of automatic fixing',
  parameters: {},
  run: async (_input, { services, call }) => {
    const cycle = await services.fixes.cycle(call);
    return {
      Data: {
        ImageFixCycle: cycle.everyDays,
        ImageFixSwitch: cycle.enabled ? 'on' : 'off',
        ImageFixTarget: repositoryTarget(cycle.repositories),
        ImageTimeRange: cycle.imageDays,
      },
    };
  },
});
