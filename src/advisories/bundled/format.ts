import type { PackageFact, VersionRange } from '../facts.ts';

/*
 * The bundled facts: the least that answers which packages are affected, without texts. A manifest names the parts, one
 * for each feed; a part is zstd over text lines of ASCII:
 *
 *     header as JSON
 *     records, one a line, in the order of their ids
 *     an empty line
 *     packages, one a line, in the order of their names
 *
 * A record is `ids,rating`. The first id is its own, CVEs without their leading `CVE-`; then follow the CVEs of an
 * erratum, each with a leading `+`, aliases with `=`, and what other records say of its severity, `?vulnerability/rating/
 * publisher's id`, where it says nothing itself. The rating is an index into the header's ratings, with a leading `!`
 * for malicious packages. Module streams that the title of an erratum names (`nodejs:20`) follow, each after a blank.
 *
 * A package is `name TAB statements TAB facts`. Statements are joined by blanks (below); facts of one record are
 * `step:fact.fact…`, joined by `;`, where the step leads from the number of the record before to its own, and a fact is
 * the digit of an ecosystem, the digit of an urgency and the index of a statement. Numbers are in base 36.
 */

/** What the manifest says of all parts. */
export interface BundleManifest {
  readonly format: 3;
  /** RFC 3339: the newest record of all. */
  readonly createdAt: string;
  readonly parts: readonly BundlePart[];
}

/** One feed of the bundle. */
export interface BundlePart {
  /** `osv/Debian` */
  readonly id: string;
  readonly file: string;
  readonly sha256: string;
  readonly records: number;
  /** RFC 3339: newest record; null where records have no times. */
  readonly modified: string | null;
  /** RFC 3339: time by which nine tenths of the records were last modified. */
  readonly bulk: string | null;
  /** OSV ecosystems; at most 36. */
  readonly ecosystems: readonly string[];
}

/** First line of a part. */
export interface PartHeader {
  /** `null` and the urgencies that occur, at most 36. */
  readonly urgencies: readonly (string | null)[];
  /** Severities in the stored form of `match/stated-severity.ts`, a tab and the publisher's word. */
  readonly ratings: readonly string[];
}

/** Name of the manifest in the folder of the bundle. */
export const manifestFile = 'manifest.json';

/** No part unpacks to more. */
export const maxPartText = 64 * 1024 * 1024;

type Statement = Pick<PackageFact, 'ranges' | 'versions' | 'imports'>;

const signs = { introduced: '>', fixed: '<', last_affected: '|', limit: '!' } as const;
const kinds: ReadonlyMap<string, keyof typeof signs> = new Map(
  Object.entries(signs).map(([kind, sign]) => [sign, kind as keyof typeof signs]),
);

/**
 * What a fact says of versions, as one word: ranges joined by `,`, each event a sign and a version, without a `>0` in
 * front of an end and with a leading `.` where there was none; listed versions, each with a leading `=`; import paths,
 * each with a leading `@`, without the name of the package in front.
 * @throws RangeError for a version or path that the form cannot hold
 */
export function encodeStatement({ ranges, versions, imports }: Statement, name: string): string {
  const encoded = ranges.map((range) => {
    const [first, ...others] = range;
    const implied =
      first?.[0] === 'introduced' && first[1] === '0' && others.length > 0 && others[0]?.[0] !== 'introduced';
    const events = (implied ? others : range).map(([kind, version]) => `${signs[kind]}${checked(version)}`).join('');
    return implied || events.startsWith(signs.introduced) ? events : `.${events}`;
  });
  const paths = imports.map(
    (path) => `@${path === name || path.startsWith(`${name}/`) ? path.slice(name.length) || '/' : path}`,
  );
  return `${encoded.join(',')}${versions.map((version) => `=${checked(version)}`).join('')}${paths.map(plain).join('')}`;
}

/** Reads what `encodeStatement` wrote. @throws SyntaxError */
export function decodeStatement(text: string, name: string): Statement {
  const [first = '', ...paths] = text.split('@');
  const [ranged = '', ...versions] = first.split('=');
  return {
    ranges: ranged === '' ? none : ranged.split(',').map(decodeRange),
    versions,
    imports: paths.map((path) => (path === '/' ? name : path.startsWith('/') ? `${name}${path}` : path)),
  };
}

const none: readonly never[] = [];
const start = ['introduced', '0'] as const;

function decodeRange(text: string): VersionRange {
  const asIs = text.startsWith('.');
  const range: VersionRange[number][] = asIs || text.startsWith(signs.introduced) ? [] : [start];
  for (let at = Number(asIs); at < text.length; ) {
    const kind = kinds.get(text[at] ?? '');
    let end = at + 1;
    while (end < text.length && !kinds.has(text[end] ?? '')) end++;
    if (kind === undefined) throw new SyntaxError('not a range');
    range.push([kind, text.slice(at + 1, end)]);
    at = end;
  }
  return range;
}

function checked(version: string): string {
  if (/^[A-Za-z0-9.+:~^_*-]+$/.test(version)) return version;
  throw new RangeError(`a version that the bundled form cannot hold: ${JSON.stringify(version)}`);
}

function plain(path: string): string {
  if (/^@[A-Za-z0-9./_~+-]+$/.test(path)) return path;
  throw new RangeError(`an import path that the bundled form cannot hold: ${JSON.stringify(path)}`);
}

/** Words of a title that may be module streams, as rpm's rule for them reads titles. */
export function streamsIn(title: string | null): string[] {
  const words = (title ?? '').split(' ').map((word) => word.replace(/,$/, ''));
  return words.filter((word) => /^[A-Za-z0-9._+-]+:[A-Za-z0-9._+-]+$/.test(word));
}

/** CVEs are written without `CVE-`. */
export function shortId(id: string): string {
  return id.startsWith('CVE-') ? id.slice(4) : id;
}

/** The id that `shortId` shortened; no other kind of id begins with a digit. */
export function fullId(id: string): string {
  return /^[0-9]/.test(id) ? `CVE-${id}` : id;
}
