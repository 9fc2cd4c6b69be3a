export type { EnqueueIn, JobChange, JobObserver, SqlQueue } from './contract.ts';
export { createQueue, type QueueOptions } from './create-queue.ts';
export { leaseHolder } from './lease-clock.ts';
