import { action } from '../action.ts';

/** Number of images, and of images with a risk. */
export const describeImageStatistics = action({
  name: 'DescribeImageStatistics',
  level: 'read',
  tier: 1,
  summary: 'counts images and images at risk',
  parameters: {},
  run: async (_input, { services, call }) => {
    const { images, atRisk } = await services.images.statistics(call);
    return { InstanceCount: images, RiskInstanceCount: atRisk };
  },
});
