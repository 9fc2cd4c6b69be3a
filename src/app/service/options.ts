import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import type { Effective } from '../../cli/service/serve.ts';
import { readSetting, type SettingName, wrong } from '../../cli/service/settings.ts';
import { type ScannerName, scannerNames } from '../../findings/index.ts';
import { ConfigError } from '../errors.ts';
import { readSecretFile } from '../registry-wiring.ts';
import type { Settings } from '../settings.ts';

/** The settings of the service, read and checked. */
export interface ServiceOptions {
  readonly listen: { readonly host: string; readonly port: number };
  readonly role: 'all' | 'serve';
  /** Undefined: SQLite in the data directory. */
  readonly databaseUrl: string | undefined;
  readonly workers: number;
  readonly jobMemoryMiB: number;
  /** CIDR ranges. */
  readonly registryAllow: readonly string[];
  readonly region: string;
  readonly timeZone: string;
  readonly publicUrl: string | undefined;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly trustedProxies: readonly string[];
  readonly masterKeyFile: string;
  readonly exportDays: number;
  readonly retentionDays: number;
  /** What scans look for. */
  readonly scanners: readonly ScannerName[];
  readonly partialIsSuccess: boolean;
  readonly advisorySchedule: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** `<id>:<secret>` of the first administrator. */
  readonly bootstrapAccessKey: string | undefined;
}

const levels = ['debug', 'info', 'warn', 'error'] as const;

/** Checks every setting before anything starts. @throws UsageError, ConfigError naming the place to correct */
export async function serviceOptions(effective: Effective, base: Settings): Promise<ServiceOptions> {
  const text = (name: SettingName): string | undefined => readSetting(effective.get(name)) as string | undefined;
  const number = (name: SettingName): number => readSetting(effective.get(name)) as number;
  const list = (name: SettingName): readonly string[] =>
    (readSetting(effective.get(name)) as string[] | undefined) ?? [];
  const fail = (name: SettingName, wanted: string): never => {
    const setting = effective.get(name);
    throw setting === undefined ? new ConfigError('config_invalid', `${name} is missing`) : wrong(setting, wanted);
  };
  const oneOf = <T extends string>(name: SettingName, allowed: readonly T[]): T =>
    allowed.find((value) => value === text(name)) ?? fail(name, `one of ${allowed.join(', ')}`);
  const atLeast = (name: SettingName, least: number): number =>
    number(name) >= least ? number(name) : fail(name, `${least} or more`);
  const networks = (name: SettingName): readonly string[] =>
    list(name).every(isNetwork) ? list(name) : fail(name, 'a list of networks such as 10.0.0.0/8');
  const urlFile = text('databaseUrlFile');
  return {
    listen: parseListen(text('listen') ?? '') ?? fail('listen', 'host:port'),
    role: oneOf('role', ['all', 'serve']),
    databaseUrl: text('databaseUrl') ?? (urlFile && (await readSecretFile(urlFile)).trim()),
    workers: atLeast('workers', 1),
    jobMemoryMiB: atLeast('jobMemory', 128),
    registryAllow: networks('registryAllow'),
    region: text('region') ?? 'local',
    timeZone: isTimeZone(text('timeZone') ?? '')
      ? (text('timeZone') ?? '')
      : fail('timeZone', 'the name of a time zone'),
    publicUrl: text('publicUrl'),
    tls: tlsOf(text('tlsCert'), text('tlsKey')),
    trustedProxies: networks('trustedProxies'),
    masterKeyFile: resolve(text('masterKeyFile') ?? join(base.dataDirectory, 'master.key')),
    exportDays: atLeast('exportDays', 1),
    retentionDays: atLeast('retentionDays', 0),
    scanners: scannersOf(list('scanners')) ?? fail('scanners', `a list of ${scannerNames.join(', ')}`),
    partialIsSuccess: readSetting(effective.get('partialIsSuccess')) === true,
    advisorySchedule: text('advisorySchedule') ?? '',
    logLevel: oneOf('logLevel', levels),
    bootstrapAccessKey: await bootstrapKey(base.env.DRYDOCK_BOOTSTRAP_ACCESS_KEY, text('bootstrapAccessKeyFile')),
  };
}

/** The scanners of a list, each once, in their usual order; undefined when it names none or something else. */
function scannersOf(names: readonly string[]): readonly ScannerName[] | undefined {
  if (names.length === 0 || !names.every((name) => (scannerNames as readonly string[]).includes(name)))
    return undefined;
  return scannerNames.filter((name) => names.includes(name));
}

function parseListen(text: string): ServiceOptions['listen'] | undefined {
  const [, host = '', port = ''] =
    /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+)):([0-9]{1,5})$/i.exec(text)?.filter((part) => part !== undefined) ?? [];
  return host !== '' && Number(port) <= 65_535 ? { host, port: Number(port) } : undefined;
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^[0-9]{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function tlsOf(certFile: string | undefined, keyFile: string | undefined): ServiceOptions['tls'] {
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  if (certFile === undefined && keyFile === undefined) return undefined;
  throw new ConfigError('config_invalid', 'TLS needs a certificate and a key', {
    hint: 'Set both tlsCert and tlsKey.',
  });
}

async function bootstrapKey(direct: string | undefined, file: string | undefined): Promise<string | undefined> {
  const text = direct || (file && (await readSecretFile(file)).trim()) || undefined;
  if (text === undefined || /^[A-Za-z0-9]{8,64}:[\x21-\x7e]{16,128}$/.test(text)) return text;
  throw new ConfigError('config_invalid', 'the bootstrap access key is not <id>:<secret>', {
    hint: 'The id has 8 to 64 letters and digits, the secret 16 to 128 printable characters.',
  });
}
