import { baseName, parentOf } from '../../../image/index.ts';
import type { FactReader } from '../contract.ts';
import { FormatError, type Setting } from './formats/setting.ts';

/**
 * What is kept of a setting: the value itself, or only what it is when it may be secret. The list holds the values that
 * the product ships and everybody knows.
 */
export type Keep = 'plain' | readonly string[];

/** One kind of configuration file. */
export interface ConfigSource {
  readonly id: string;
  /**
   * Last names of its paths: `redis.conf`, `conf.d/*.conf`, `redis/*.conf`. A star stands for anything but a slash, in
   * the last name only.
   */
  readonly files: readonly string[];
  /** @throws FormatError or another error when the file cannot be read as this */
  parse(text: string, path: string): Iterable<Setting>;
  /** Settings that are kept: the first pattern that fits decides. */
  readonly keep: readonly (readonly [key: RegExp, keep: Keep])[];
}

/** How one tells that a service is in an image. */
export interface Presence {
  /** Names of packages that bring the service, by their own name, not that of their source. */
  readonly packages: RegExp;
  /** Last names of executable files that are the service. */
  readonly programs: readonly string[];
  /** Sources of which one setting is enough to say that the service is there: nothing else has such settings. */
  readonly telling?: readonly ConfigSource[];
}

/** What a secret value is: never the value. `variable` is filled in when the service starts. */
export type SecretState = 'empty' | 'default' | 'variable' | 'set';

/** A setting as it is cached. */
export interface KeptSetting {
  readonly key: string;
  readonly line: number | null;
  /** Cut; absent of secrets. */
  readonly value?: string;
  readonly secret?: SecretState;
}

/** What one file says as one source. */
export interface SourceFacts {
  readonly settings: readonly KeptSetting[];
  /** Why settings may be missing. */
  readonly problem?: 'malformed' | 'too_large';
}

/** What one file says, by id of the source. */
export type ServiceFacts = Readonly<Record<string, SourceFacts>>;

/** Limits of what is cached of one file. */
export const sourceLimits = {
  /** Settings of one file. */
  settings: 2000,
  /** Characters of one value. */
  value: 512,
};

/** Reads all configuration files of services in one go: few names are asked about, and each file is read once. */
export function serviceReader(sources: readonly ConfigSource[]): FactReader<ServiceFacts> {
  const match = matcher(sources);
  return {
    id: 'service-settings',
    version: 2,
    wants: ({ path }) => match(path).length > 0,
    read(bytes, { path }) {
      const text = new TextDecoder('utf-8').decode(bytes);
      return Object.fromEntries(match(path).map((source) => [source.id, readSource(source, text, path)]));
    },
  };
}

/** Sources that a path may be a file of. */
export function matcher(sources: readonly ConfigSource[]): (path: string) => readonly ConfigSource[] {
  interface Pattern {
    readonly source: ConfigSource;
    readonly directory: string;
    readonly start: string;
    readonly end: string;
  }
  const exact = new Map<string, Pattern[]>();
  const byEnd = new Map<string, Pattern[]>();
  const anywhere: Pattern[] = [];
  const add = (map: Map<string, Pattern[]>, key: string, pattern: Pattern): void => {
    map.set(key, [...(map.get(key) ?? []), pattern]);
  };
  for (const source of sources) {
    for (const file of source.files) {
      const name = baseName(file);
      const star = name.indexOf('*');
      const start = star < 0 ? name : name.slice(0, star);
      const end = star < 0 ? '' : name.slice(star + 1);
      const pattern = { source, directory: parentOf(file), start, end };
      if (star < 0) add(exact, name, pattern);
      else if (end.startsWith('.')) add(byEnd, end, pattern);
      else anywhere.push(pattern);
    }
  }
  return (path) => {
    const name = baseName(path);
    const dot = name.lastIndexOf('.');
    const likely = [
      ...(exact.get(name) ?? []),
      ...((dot < 0 ? undefined : byEnd.get(name.slice(dot))) ?? []),
      ...anywhere,
    ];
    if (likely.length === 0) return [];
    const parent = `/${parentOf(path)}`;
    const fits = likely.filter(
      ({ directory, start, end }) =>
        name.startsWith(start) && name.endsWith(end) && (directory === '' || parent.endsWith(`/${directory}`)),
    );
    return [...new Set(fits.map(({ source }) => source))];
  };
}

function readSource(source: ConfigSource, text: string, path: string): SourceFacts {
  const settings: KeptSetting[] = [];
  try {
    for (const setting of source.parse(text, path)) {
      const kept = keptSetting(source, setting);
      if (kept === undefined) continue;
      if (settings.length >= sourceLimits.settings) return { settings, problem: 'too_large' };
      settings.push(kept);
    }
  } catch (error) {
    const tooLarge = error instanceof FormatError && error.message === 'too long';
    return { settings, problem: tooLarge ? 'too_large' : 'malformed' };
  }
  return { settings };
}

function keptSetting(source: ConfigSource, { key, value, line }: Setting): KeptSetting | undefined {
  const keep = source.keep.find(([pattern]) => pattern.test(key))?.[1];
  if (keep === undefined) return undefined;
  const name = key.slice(0, sourceLimits.value);
  if (keep === 'plain') return { key: name, line, value: value.slice(0, sourceLimits.value) };
  return { key: name, line, secret: secretState(value, keep) };
}

/** What a value that may be secret is. */
export function secretState(value: string, known: readonly string[]): SecretState {
  if (value === '') return 'empty';
  if (known.includes(value)) return 'default';
  return /^\$|\$\{|%\(ENV_|\{\{|^__\w+__$/.test(value) ? 'variable' : 'set';
}
