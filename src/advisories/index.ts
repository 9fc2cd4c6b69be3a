export type {
  AdvisoryIndex,
  AdvisorySnapshot,
  FixState,
  MaliciousMatch,
  MatchResult,
  Prediction,
  Reachability,
  Severity,
  SeverityLevel,
  VulnerabilityMatch,
} from './contract.ts';
export type { AdvisoryErrorCode } from './errors.ts';
export { type HttpFetcherOptions, httpFetcher } from './feeds/http-fetcher.ts';
export type { ChangedKey } from './index/changed-keys.ts';
export { type FeedSources, hasFeeds } from './index/import-all.ts';
export type { FeedState } from './index/schema.ts';
export { type Priority, type PriorityInput, prioritise } from './match/priority.ts';
export type { HttpFetcher, HttpRequest, HttpResponse } from './ports.ts';
export {
  AdvisoryService,
  type AdvisoryServiceOptions,
  type AdvisoryStatus,
  type SnapshotStatus,
  type UpdateRequest,
  type UpdateResult,
} from './service.ts';
export { type Worlds, worldsOf } from './worlds.ts';
