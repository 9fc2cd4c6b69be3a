import { action } from '../action.ts';

/** Scanned images by their worst finding. Images that were never scanned have no level. */
export const describeImageRiskLevelStatistic = action({
  name: 'DescribeImageRiskLevelStatistic',
  level: 'read',
  tier: 1,
  summary: 'counts scanned images by risk level',
  parameters: {},
  run: async (_input, { services, call }) => {
    const { bySeverity } = await services.images.statistics(call);
    const level = (ImageRiskLevel: string, Cnt: number): object => ({ ImageRiskLevel, Cnt });
    return {
      ImageRiskLevelList: [
        level('3', bySeverity.critical + bySeverity.high),
        level('2', bySeverity.medium),
        level('1', bySeverity.low + bySeverity.unknown),
        level('0', bySeverity.none),
      ],
    };
  },
});
