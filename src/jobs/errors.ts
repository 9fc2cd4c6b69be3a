import { CodedError } from '../kernel/index.ts';

/** Why a job ended although its handler did not say so. */
export type JobErrorCode = 'worker_lost' | 'out_of_memory' | 'timeout' | 'cancelled' | 'invalid_schedule' | 'internal';

/** A job that could not be done to its end. */
export class JobError extends CodedError<JobErrorCode> {}
