export { type Clock, fixedClock, systemClock } from './clock.ts';
export { mapLimit } from './concurrency.ts';
export type { Diagnostic } from './diagnostics.ts';
export { CodedError, hasCode, messageOf } from './errors.ts';
export {
  documentLimits,
  isJsonObject,
  JsonError,
  type JsonLimits,
  type JsonObject,
  type JsonValue,
  parseJson,
} from './json.ts';
export { noProgress, type Progress, type ProgressEvent } from './progress.ts';
