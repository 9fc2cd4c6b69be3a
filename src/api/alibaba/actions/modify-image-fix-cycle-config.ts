import { action } from '../action.ts';
import { choice, document, whole } from '../schema/parameter.ts';
import { refusing } from '../views/refusing.ts';
import { repositoriesOf } from '../views/repository-target.ts';

/** Changes the schedule of automatic fixing; what is absent stays. Its runs are ordinary fix tasks. */
export const modifyImageFixCycleConfig = action({
  name: 'ModifyImageFixCycleConfig',
  level: 'write',
  tier: 1,
  summary: 'changes the schedule of automatic fixing',
  parameters: {
    ImageFixCycle: whole(1, 365),
    ImageFixSwitch: choice('on', 'off'),
    ImageFixTarget: document(),
    ImageTimeRange: whole(0, 3650),
  },
  run: async (input, { services, call }) => {
    const change = {
      ...(input.ImageFixCycle === undefined ? {} : { everyDays: input.ImageFixCycle }),
      ...(input.ImageFixSwitch === undefined ? {} : { enabled: input.ImageFixSwitch === 'on' }),
      ...(input.ImageFixTarget === undefined
        ? {}
        : { repositories: repositoriesOf(input.ImageFixTarget, 'ImageFixTarget') }),
      ...(input.ImageTimeRange === undefined ? {} : { imageDays: input.ImageTimeRange }),
    };
    await refusing('ImageFixTarget', services.fixes.setCycle(call, change), {
      everyDays: 'ImageFixCycle',
      enabled: 'ImageFixSwitch',
      imageDays: 'ImageTimeRange',
    });
    return { Data: true };
  },
});
