export { type Clock, fixedClock, systemClock } from './clock.ts';
export { mapLimit } from './concurrency.ts';
export type { Diagnostic } from './diagnostics.ts';
export { CodedError, hasCode, messageOf } from './errors.ts';
export { isLoopbackHost } from './http/addresses.ts';
export { discard, paced } from './http/body.ts';
export type { HttpLimits, HttpRequest, HttpResponse, Pace, ProxyRules, Transport } from './http/contract.ts';
export { HttpError } from './http/errors.ts';
export { defaultHttpLimits, maxRedirects } from './http/limits.ts';
export { configuredProxies, environmentProxies, noProxies } from './http/proxies.ts';
export { sendFollowing } from './http/redirects.ts';
export { createTransport } from './http/transport.ts';
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
