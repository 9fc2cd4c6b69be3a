import { action } from '../action.ts';
import { scanFilters, scanSelection } from '../views/scan-filters.ts';

/** How many images a scan would cover. There is no quota, so both numbers are the same. */
export const publicPreCheckImageScanTask = action({
  name: 'PublicPreCheckImageScanTask',
  level: 'read',
  tier: 1,
  summary: 'tells how many images a scan would cover',
  parameters: scanFilters,
  run: async (input, { services, call }) => {
    const images = await services.scans.preview(call, { ...scanSelection(input), source: 'openapi', force: true });
    return { Data: { NeedAuthCount: images, ScanImageCount: images } };
  },
});
