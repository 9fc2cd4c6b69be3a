import { action } from '../action.ts';

/** Images that were never scanned. */
export const describeCountNotScannedImage = action({
  name: 'DescribeCountNotScannedImage',
  level: 'read',
  tier: 1,
  summary: 'counts images that were never scanned',
  parameters: {},
  run: async (_input, { services, call }) => {
    const { images, scanned } = await services.images.statistics(call);
    return { NotScannedCnt: images - scanned };
  },
});
