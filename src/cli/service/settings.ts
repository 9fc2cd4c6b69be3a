import { UsageError } from '../output/errors.ts';

/** One setting of the service: a flag, a variable and a key below `server` of the configuration file. */
export interface SettingDefinition {
  /** Key of the configuration file; the flag is the same in kebab case. */
  readonly name: string;
  /** What stands in `<>` after the flag; absent for a switch. */
  readonly value?: string;
  readonly variable: string;
  readonly description: string;
  /** As it would be typed; undefined = none. */
  readonly default?: string;
  readonly kind: 'text' | 'file' | 'number' | 'list' | 'switch';
  /** Shown as `(set)` only. A secret itself is never a flag: the flag and key name a file that holds it. */
  readonly secret?: true;
}

/** Every setting of `serve` and `worker`; the documentation's table and the flags are made from it. */
export const settingDefinitions = [
  define('listen', 'DRYDOCK_LISTEN', 'text', 'address to serve on', 'host:port', '127.0.0.1:8480'),
  define('role', 'DRYDOCK_ROLE', 'text', 'all = serve and work in one, serve = answer only', 'all|serve', 'all'),
  define('databaseUrl', 'DRYDOCK_DATABASE_URL', 'text', 'PostgreSQL instead of the file in the data directory', 'url'),
  define('databaseUrlFile', 'DRYDOCK_DATABASE_URL_FILE', 'file', 'file that holds the database URL', 'file'),
  define('workers', 'DRYDOCK_WORKERS', 'number', 'jobs that run at a time', 'number', '2'),
  define('jobMemory', 'DRYDOCK_JOB_MEMORY', 'number', 'memory of one job in MiB', 'MiB', '1024'),
  define(
    'registryAllow',
    'DRYDOCK_REGISTRY_ALLOW',
    'list',
    'networks that registries and receivers of notifications may be in although loopback, link-local and metadata addresses are refused',
    'cidr,…',
  ),
  define('region', 'DRYDOCK_REGION', 'text', 'name of this place, as the cloud interfaces show it', 'id', 'local'),
  define(
    'timeZone',
    'DRYDOCK_TIME_ZONE',
    'text',
    'zone of times without zone in the Alibaba interface',
    'name',
    'Asia/Shanghai',
  ),
  define('publicUrl', 'DRYDOCK_PUBLIC_URL', 'text', 'address under which clients reach the server', 'url'),
  define(
    'tlsCert',
    'DRYDOCK_TLS_CERT',
    'file',
    'certificate chain (PEM); with --tls-key the server speaks TLS',
    'file',
  ),
  define('tlsKey', 'DRYDOCK_TLS_KEY', 'file', 'private key (PEM)', 'file'),
  define(
    'trustedProxies',
    'DRYDOCK_TRUSTED_PROXIES',
    'list',
    'addresses of reverse proxies whose X-Forwarded-* count',
    'cidr,…',
  ),
  define(
    'masterKeyFile',
    'DRYDOCK_MASTER_KEY_FILE',
    'file',
    'key that seals stored secrets; made at the first start (default: master.key in the data directory)',
    'file',
  ),
  define('exportDays', 'DRYDOCK_EXPORT_DAYS', 'number', 'days that exported files are kept', 'days', '7'),
  define('retentionDays', 'DRYDOCK_RETENTION_DAYS', 'number', 'days that vanished images are kept', 'days', '30'),
  define(
    'scanners',
    'DRYDOCK_SCANNERS',
    'list',
    'what scans look for: vuln, malware, secret, baseline',
    'name,…',
    'vuln,malware,secret,baseline',
  ),
  define(
    'partialIsSuccess',
    'DRYDOCK_PARTIAL_IS_SUCCESS',
    'switch',
    'report best-effort fixes that left something as successful to the Alibaba interface',
  ),
  define(
    'advisorySchedule',
    'DRYDOCK_ADVISORY_SCHEDULE',
    'text',
    'when advisories are updated, where advisories.from is set',
    'cron',
    '17 3 * * *',
  ),
  define('logLevel', 'DRYDOCK_LOG_LEVEL', 'text', 'debug, info, warn or error', 'level', 'info'),
  define(
    'bootstrapAccessKeyFile',
    'DRYDOCK_BOOTSTRAP_ACCESS_KEY_FILE',
    'file',
    'file that holds <id>:<secret> of the first administrator',
    'file',
  ),
] as const satisfies readonly SettingDefinition[];

/** Names of the settings. */
export type SettingName = (typeof settingDefinitions)[number]['name'];

/** A setting with its value as text and where it came from. */
export interface EffectiveSetting {
  readonly definition: SettingDefinition;
  readonly value: string | undefined;
  readonly origin: 'flag' | 'environment' | 'file' | 'default' | 'unset';
}

/** What the configuration file says below `server`. */
export type ServerConfig = Partial<Record<SettingName, string | number | boolean | readonly string[]>>;

/** Flag over variable over file over default, for each setting. */
export function effectiveSettings(
  flags: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
  config: ServerConfig,
): ReadonlyMap<SettingName, EffectiveSetting> {
  return new Map(
    settingDefinitions.map((definition): [SettingName, EffectiveSetting] => {
      const sources = [
        ['flag', flags[definition.name]],
        ['environment', env[definition.variable] || undefined],
        ['file', config[definition.name]],
        ['default', (definition as SettingDefinition).default],
      ] as const;
      const [origin, value] = sources.find(([, text]) => text !== undefined) ?? (['unset', undefined] as const);
      return [definition.name, { definition, value: value === undefined ? undefined : textOf(value), origin }];
    }),
  );
}

/** The flag of a setting as commander wants it. */
export function flagOf({ name, value }: SettingDefinition): string {
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return value === undefined ? flag : `${flag} <${value}>`;
}

/** Reads one setting as its kind demands. @throws UsageError naming flag and variable */
export function readSetting(setting: EffectiveSetting | undefined): string | number | boolean | string[] | undefined {
  if (setting?.value === undefined) return undefined;
  const { definition, value } = setting;
  if (definition.kind === 'list')
    return value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  if (definition.kind === 'switch') {
    if (value === 'true' || value === '1') return true;
    if (value === 'false' || value === '0') return false;
    throw wrong(setting, 'true or false');
  }
  if (definition.kind !== 'number') return value;
  if (!/^[0-9]{1,9}$/.test(value)) throw wrong(setting, 'a whole number');
  return Number(value);
}

/** The error for a value that cannot be meant. */
export function wrong({ definition, value }: EffectiveSetting, wanted: string): UsageError {
  const flag = flagOf(definition).split(' ')[0];
  return new UsageError(
    `${definition.name} is ${JSON.stringify(value)}, which is not ${wanted}`,
    `Correct ${flag}, ${definition.variable} or server.${definition.name} of the configuration file.`,
  );
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}

function define<N extends string>(
  name: N,
  variable: string,
  kind: SettingDefinition['kind'],
  description: string,
  value?: string,
  standard?: string,
): SettingDefinition & { readonly name: N } {
  return { name, variable, kind, description, ...(value && { value }), ...(standard && { default: standard }) };
}
