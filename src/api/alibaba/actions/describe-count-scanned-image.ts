import { action } from '../action.ts';

/** Images with at least one finished scan. */
export const describeCountScannedImage = action({
  name: 'DescribeCountScannedImage',
  level: 'read',
  tier: 1,
  summary: 'counts images that were scanned',
  parameters: {},
  run: async (_input, { services, call }) => ({ ScannedCount: (await services.images.statistics(call)).scanned }),
});
