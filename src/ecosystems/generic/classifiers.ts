import type { Anchor, Classifier } from './contract.ts';
import { mariadb, redisLike } from './servers.ts';
import { isDigit, type VersionShape, versionAt } from './version-text.ts';

const three = { least: 3, most: 3 } as const;

/** A version that follows the text. */
function after(text: string, shape: VersionShape): Anchor {
  return { text, version: (bytes, _start, end) => versionAt(bytes, end, shape) };
}

function one(names: readonly string[], ...anchors: readonly Anchor[]): Classifier['anchors'] {
  return (name) => (names.includes(name) ? anchors : undefined);
}

/** Names such as `libruby-3.1.so.3.1.2`: a beginning, and `.so` or a version after it. */
function isLibrary(name: string, beginning: string): boolean {
  return name.startsWith(beginning) && (name.endsWith('.so') || name.includes('.so.') || name.endsWith('.dylib'));
}

function library(beginning: string, ...anchors: readonly Anchor[]): Classifier['anchors'] {
  return (name) => (isLibrary(name, beginning) ? anchors : undefined);
}

/** A name with nothing but a version behind it: `php8.2`, `perl5.36.0`. */
function isVersioned(name: string, beginning: string): boolean {
  if (!name.startsWith(beginning)) return false;
  for (let i = beginning.length; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code !== 0x2e && !isDigit(code)) return false;
  }
  return true;
}

/** `python3.11` has the version `3.11.2` between two NULs; without the second number anything could be meant. */
function pythonAnchors(name: string, beginning: string): readonly Anchor[] | undefined {
  const [major = '', rest = ''] = name.slice(beginning.length).split('.', 2);
  let digits = 0;
  while (isDigit(rest.charCodeAt(digits))) digits++;
  if ((major !== '2' && major !== '3') || digits === 0 || digits > 3) return undefined;
  const text = `\0${major}.${rest.slice(0, digits)}.`;
  const shape: VersionShape = { ...three, words: ['rc', 'a', 'b'], ends: '\0+' };
  return [{ text, version: (bytes, start) => versionAt(bytes, start + 1, shape) }];
}

const perlShape: VersionShape = { ...three, ends: '\0/' };
const perlAnchors = [after('/perl5/', perlShape), after('/perl/', perlShape)];
const openssl: Anchor = {
  text: 'OpenSSL ',
  // A date follows: messages that merely name a version have none.
  version(bytes, _start, end) {
    const version = versionAt(bytes, end, { ...three, letter: true, ends: ' ' });
    if (version === undefined) return undefined;
    const date = bytes.toString('latin1', end + version.length, end + version.length + 3).trimStart();
    return isDigit(date.charCodeAt(0)) ? version : undefined;
  },
};
const ruby: Anchor = {
  text: '\0ruby ',
  version(bytes, _start, end) {
    const version = versionAt(bytes, end, { ...three, ends: ' pdr' });
    // `ruby 3.1.2p20 (2022-04-12 …`, `ruby 3.3.0 (2023-12-25 …`
    const rest = version === undefined ? '' : bytes.toString('latin1', end + version.length, end + version.length + 12);
    return rest.includes(' (2') ? version : undefined;
  },
};
const haproxy: Anchor = {
  text: ' version ',
  version(bytes, _start, end) {
    const version = versionAt(bytes, end, { ...three, ends: '-,' });
    const rest = version === undefined ? '' : bytes.toString('latin1', end + version.length, end + 64);
    return rest.includes(', released 2') ? version : undefined;
  },
};
const php = [after('X-Powered-By: PHP/', { ...three, ends: '\0-\r' })];
const libcurl = after('libcurl/', { ...three, ends: '\0-' });
const curl: Anchor = {
  text: 'curl/',
  version(bytes, start, end) {
    return bytes[start - 1] === 0 ? versionAt(bytes, end, { ...three, ends: '\0-' }) : undefined;
  },
};

/** What is known by its bytes (scanning.md §3.5). Order matters to nobody: each looks at files of its own names. */
export const classifiers: readonly Classifier[] = [
  { name: 'node', anchors: one(['node', 'nodejs'], after('node.js/v', { ...three, ends: '\0' })) },
  { name: 'node', library: true, anchors: library('libnode', after('node.js/v', { ...three, ends: '\0' })) },
  { name: 'python', launcher: true, anchors: (name) => pythonAnchors(name, 'python') },
  {
    name: 'python',
    library: true,
    anchors: (name) => (isLibrary(name, 'libpython') ? pythonAnchors(name, 'libpython') : undefined),
  },
  { name: 'ruby', launcher: true, anchors: (name) => (isVersioned(name, 'ruby') ? [ruby] : undefined) },
  { name: 'ruby', library: true, anchors: library('libruby', ruby) },
  {
    name: 'php',
    anchors: (name) =>
      isVersioned(name, 'php') ||
      isVersioned(name, 'php-fpm') ||
      isVersioned(name, 'php-cgi') ||
      isLibrary(name, 'libphp')
        ? php
        : undefined,
  },
  { name: 'perl', launcher: true, anchors: (name) => (isVersioned(name, 'perl') ? perlAnchors : undefined) },
  { name: 'perl', library: true, anchors: library('libperl.', ...perlAnchors) },
  { name: 'bash', anchors: one(['bash'], after('@(#)Bash version ', { ...three, ends: '(' })) },
  { name: 'busybox', anchors: one(['busybox'], after('BusyBox v', { ...three, ends: '\0 ' })) },
  { name: 'openssl', launcher: true, anchors: one(['openssl'], openssl) },
  { name: 'openssl', library: true, anchors: library('libcrypto', openssl) },
  { name: 'curl', launcher: true, anchors: one(['curl'], curl) },
  { name: 'curl', library: true, anchors: library('libcurl', libcurl) },
  {
    name: 'nginx',
    anchors: one(['nginx', 'nginx-debug'], after('nginx version: nginx/', { ...three, ends: '\0\n ' })),
  },
  {
    name: 'openresty',
    anchors: one(['nginx', 'openresty'], after('nginx version: openresty/', { least: 4, most: 4, ends: '\0\n ' })),
  },
  { name: 'httpd', anchors: one(['httpd', 'apache2'], after('\0Apache/', { ...three, ends: '\0 ' })) },
  { name: 'haproxy', anchors: one(['haproxy'], haproxy, after('HAProxy version ', { ...three, ends: '- ' })) },
  { name: 'redis', anchors: one(['redis-server', 'redis-sentinel'], redisLike) },
  { name: 'valkey', anchors: one(['valkey-server', 'valkey-sentinel'], redisLike) },
  { name: 'memcached', anchors: one(['memcached'], after('\0memcached ', { ...three, ends: '\0\n' })) },
  { name: 'mysql', anchors: one(['mysqld'], after('/mysql-', { ...three, ends: '/' })) },
  { name: 'mariadb', anchors: one(['mariadbd', 'mysqld'], mariadb) },
  {
    name: 'postgresql',
    anchors: one(
      ['postgres'],
      after('postgres (PostgreSQL) ', { least: 1, most: 3, words: ['rc', 'beta'], ends: '\0 \n' }),
    ),
  },
  { name: 'deno', anchors: one(['deno'], after('Deno/', { ...three, ends: '+D' })) },
  { name: 'bun', anchors: one(['bun'], after('Bun v', { ...three, ends: ' ' })) },
];
