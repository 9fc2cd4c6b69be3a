import type { ServiceOptions } from './options.ts';

/** Variable that carries the settings of the service to its job processes; it may hold a password, arguments must not. */
const variable = 'DRYDOCK_JOB_SETTINGS';

/** The settings as environment of a job process. */
export function encodeForJobs(options: ServiceOptions): NodeJS.ProcessEnv {
  // Jobs never make the first administrator.
  return { [variable]: JSON.stringify({ ...options, bootstrapAccessKey: undefined }) };
}

/** The settings that the parent gave. */
export function decodeForJobs(env: NodeJS.ProcessEnv): ServiceOptions {
  const text = env[variable];
  if (text === undefined) throw new Error('a job process is started by drydock serve and drydock worker only');
  // Nothing that the job starts inherits it.
  delete env[variable];
  return {
    databaseUrl: undefined,
    publicUrl: undefined,
    tls: undefined,
    bootstrapAccessKey: undefined,
    ...JSON.parse(text),
  };
}
