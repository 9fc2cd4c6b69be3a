export { createExportHandler } from './export.ts';
export { createFeedHandler, type FeedHandlerDeps, type FeedPayload } from './feed.ts';
export { createFixHandler, fixJobFaultPoints } from './fix.ts';
export { createPlanHandler, planJobFaultPoints } from './plan.ts';
export { createProbeHandler } from './probe.ts';
export { createRematchHandler, type RematchHandlerDeps } from './rematch.ts';
export { createRetentionHandler, inventoryRetention, type RetentionStep } from './retention.ts';
export { createScanHandler, scanFaultPoints } from './scan.ts';
export { createSyncHandler, type SyncHandlerDeps } from './sync.ts';
