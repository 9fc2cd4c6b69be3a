import { action } from '../action.ts';
import { scanFilters, scanSelection } from '../views/scan-filters.ts';
import { startedTask } from '../views/scan-task.ts';

/** Starts a scan of the images that match. */
export const publicCreateImageScanTask = action({
  name: 'PublicCreateImageScanTask',
  level: 'write',
  tier: 1,
  summary: 'starts a scan of the images that match',
  parameters: scanFilters,
  run: async (input, { services, call }) => {
    const task = await services.scans.start(call, { ...scanSelection(input), source: 'openapi', force: true });
    return startedTask(task);
  },
});
