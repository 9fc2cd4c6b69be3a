import { createHash } from 'node:crypto';

/** A package of a database that {@link apkDatabase} writes. */
export interface ApkPackage {
  readonly name: string;
  readonly version: string;
  /** Default: x86_64. */
  readonly arch?: string;
  /** Source package; default: the name. Null leaves the field out. */
  readonly origin?: string | null;
  /** Paths without leading slash. */
  readonly files?: readonly string[];
}

const checksum = (text: string): string => `Q1${createHash('sha1').update(text).digest('base64')}`;

/**
 * A database as apk writes it to `lib/apk/db/installed`: all fields in apk's order, directories sorted, a blank line
 * after each record.
 */
export function apkDatabase(packages: readonly ApkPackage[]): string {
  return packages.map((pkg) => `${recordOf(pkg).join('\n')}\n\n`).join('');
}

function recordOf({ name, version, arch = 'x86_64', origin, files = [] }: ApkPackage): string[] {
  const lines = [
    `C:${checksum(`${name}-${version}`)}`,
    `P:${name}`,
    `V:${version}`,
    `A:${arch}`,
    'S:383304',
    'I:622592',
    `T:the package ${name}`,
    'U:https://example.org/',
    'L:MIT',
    ...(origin === null ? [] : [`o:${origin ?? name}`]),
    'm:A Maintainer <maintainer@example.org>',
    't:1718000000',
    'c:0123456789abcdef0123456789abcdef01234567',
    'D:so:libc.musl-x86_64.so.1',
    `p:cmd:${name}=${version}`,
  ];
  return [...lines, ...fileLines(files)];
}

function fileLines(files: readonly string[]): string[] {
  const directories = new Map<string, string[]>();
  for (const path of files) {
    const slash = path.lastIndexOf('/');
    const directory = path.slice(0, Math.max(0, slash));
    directories.set(directory, [...(directories.get(directory) ?? []), path.slice(slash + 1)]);
  }
  return [...directories.keys()]
    .sort()
    .flatMap((directory) => [
      `F:${directory}`,
      ...(directory === 'tmp' ? ['M:0:0:1777'] : []),
      ...(directories.get(directory) ?? [])
        .sort()
        .flatMap((name) => [`R:${name}`, ...(name.endsWith('.sh') ? ['a:0:0:755'] : []), `Z:${checksum(name)}`]),
    ]);
}
