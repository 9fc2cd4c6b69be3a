export type * from './contract/index.ts';
export { ServiceError, type ServiceErrorCode } from './errors.ts';
export * from './exports/index.ts';
