export { createReportIngest, type IngestDeps } from './ingest.ts';
export { queueRematch, type RematchPayload } from './jobs.ts';
export { type RematchDeps, type RematchRun, rematch } from './rematch.ts';
export { currentReport } from './report.ts';
export { matchRetention } from './retention.ts';
