export { createOverviewService } from './create-overview-service.ts';
export type { DailyCounts, OverviewDeps, TrendStore } from './ports.ts';
export { recordDay, trendRetention } from './trend.ts';
