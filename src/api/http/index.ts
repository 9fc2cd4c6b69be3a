export type {
  GaugeSample,
  GaugeSource,
  Mount,
  ReadyCheck,
  ReadyResult,
  Refusal,
  RefusalAnswer,
  RefusalCode,
  RequestHead,
} from './contract.ts';
export type { ServerStartErrorCode } from './errors.ts';
export { createLogger, type LogLevel } from './log.ts';
export { alibabaMount, huaweiMount } from './mounts.ts';
export {
  defaultServerLimits,
  defaultServerOptions,
  type MetricsAccess,
  type ServerLimits,
  type ServerOptions,
  type TlsFiles,
} from './options.ts';
export { advisoryCheck, databaseCheck, diskCheck, migrationsCheck, queueCheck } from './ready-checks.ts';
export { createServer, type HttpServer, type ServerDeps } from './server.ts';
