import { dayMs } from '../../../kernel/index.ts';
import { action } from '../action.ts';
import { required, whole } from '../schema/parameter.ts';
import { recordStates } from '../views/scan-task.ts';

/** Finished scans of images in the last days. */
export const getImageScanNumInPeriod = action({
  name: 'GetImageScanNumInPeriod',
  level: 'read',
  tier: 2,
  summary: 'counts scans of the last days',
  parameters: { PastDay: required(whole(1, 36_500)) },
  run: async (input, { services, call, now }) => {
    const { total } = await services.scans.items(call, {
      states: recordStates.filter(({ number }) => number >= 2).flatMap(({ states }) => states),
      from: now() - input.PastDay * dayMs,
      page: { offset: 0, limit: 1 },
    });
    return { ImageScanData: { ImageScanCount: total } };
  },
});
