export { backoffMs } from './backoff.ts';
export type {
  ClaimedJob,
  EventFeed,
  EventLog,
  Fence,
  Job,
  JobClass,
  JobContext,
  JobHandler,
  JobKind,
  JobQueue,
  JobRunner,
  JobState,
  NewJob,
  NewSchedule,
  OutboxEvent,
  Schedule,
  ScheduleStore,
  Timers,
} from './contract.ts';
export { JobError, type JobErrorCode } from './errors.ts';
export { createEventFeed } from './event-feed.ts';
export { runHandlers } from './run-handlers.ts';
export type { JobEnding } from './running-job.ts';
export { nextMoment } from './schedule.ts';
export { putSchedule, Scheduler } from './scheduler.ts';
export { defaultShares, type Shares } from './shares.ts';
export { systemTimers } from './system-timers.ts';
export { WorkerLoop, type WorkerLoopDeps } from './worker-loop.ts';
