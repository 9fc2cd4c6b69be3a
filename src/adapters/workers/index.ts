export { createProcessRunner, defaultProcessLimits, type ProcessRunnerOptions } from './process-runner.ts';
export { serveJobs } from './serve-jobs.ts';
