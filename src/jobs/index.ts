export type { ClaimedJob, Job, JobClass, JobKind, JobQueue, JobState, NewJob } from './contract.ts';
