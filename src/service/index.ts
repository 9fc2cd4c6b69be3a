export type * from './contract/index.ts';
export * from './decisions/index.ts';
export { ServiceError, type ServiceErrorCode } from './errors.ts';
export * from './exports/index.ts';
export * from './facts/index.ts';
export * from './fixes/index.ts';
export * from './jobs/index.ts';
export * from './scans/index.ts';
