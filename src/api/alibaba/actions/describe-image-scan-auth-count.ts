import { action } from '../action.ts';

/** There is no quota: a number that nobody reaches. */
const capacity = 2 ** 31 - 1;

/** Quota of scans, which has no end here, and what was used of it. */
export const describeImageScanAuthCount = action({
  name: 'DescribeImageScanAuthCount',
  level: 'read',
  tier: 2,
  summary: 'tells the scan quota, which has no end here',
  parameters: {},
  run: async (_input, { services, call, account }) => {
    const { scanned } = await services.images.statistics(call);
    const licence = `drydock-${account.number}`;
    return { ImageScan: { ImageScanCapacity: capacity, InstanceId: licence, ScanCount: scanned } };
  },
});
