import type { SuiteConfig } from './config.ts';
import { RepositoryError } from './errors.ts';
import { checkArchivePath, show } from './paths.ts';

/** The facts of a signed `Release` text that matter. */
export interface Release {
  readonly suite: string | undefined;
  readonly codename: string | undefined;
  readonly origin: string | undefined;
  readonly date: Date;
  readonly validUntil: Date | undefined;
  readonly acquireByHash: boolean;
  /** Files of the `SHA256` section by path relative to the suite. */
  readonly files: ReadonlyMap<string, ReleaseFile>;
}

export interface ReleaseFile {
  /** SHA-256, lower-case hex. */
  readonly sha256: string;
  readonly size: number;
}

const maxFiles = 200_000;

/**
 * Parses the *verified* text of an InRelease.
 * @throws RepositoryError `metadata_untrusted` for a text without usable `Date` or `SHA256`.
 */
export function parseRelease(text: string): Release {
  const fields = new Map<string, string>();
  const files = new Map<string, ReleaseFile>();
  let section = '';
  for (const line of lines(text)) {
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (section === 'sha256') addFile(files, line);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    section = line.slice(0, colon).toLowerCase();
    if (fields.has(section)) throw bad(`the field ${show(section)} appears twice`);
    fields.set(section, line.slice(colon + 1).trim());
  }
  const date = parseDate(fields.get('date'));
  if (date === undefined) throw bad('it has no valid Date');
  if (files.size === 0) throw bad('it has no SHA256 section');
  const until = fields.get('valid-until');
  const validUntil = parseDate(until);
  if (until !== undefined && validUntil === undefined) throw bad('its Valid-Until is not a date');
  return {
    suite: fields.get('suite'),
    codename: fields.get('codename'),
    origin: fields.get('origin'),
    date,
    validUntil,
    acquireByHash: fields.get('acquire-by-hash')?.toLowerCase() === 'yes',
    files,
  };
}

/**
 * Refuses a validly signed index of another suite or vendor.
 * @throws RepositoryError `metadata_untrusted`
 */
export function checkIdentity(release: Release, config: SuiteConfig): void {
  if (release.origin !== config.origin) {
    throw new RepositoryError(
      'metadata_untrusted',
      `the signed index of ${config.suite} has the origin ${show(release.origin ?? '')}, expected ${config.origin}`,
      { hint: `Check the mirror of ${config.archive}, or the origin of this suite in fix.sources.` },
    );
  }
  if (release.suite === config.suite || release.codename === config.suite) return;
  throw new RepositoryError(
    'metadata_untrusted',
    `the mirror of ${config.archive} answers for ${config.suite} with the index of ${show(release.codename ?? '')}`,
    { hint: `Check the mirror of ${config.archive}, or the suite in fix.sources.` },
  );
}

function* lines(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const found = text.indexOf('\n', at);
    const stop = found === -1 ? text.length : found;
    const end = text.charCodeAt(stop - 1) === 13 ? stop - 1 : stop;
    yield text.slice(at, end);
    at = stop + 1;
  }
}

function addFile(files: Map<string, ReleaseFile>, line: string): void {
  const parts = line.trim().split(/[ \t]+/, 4);
  const [sha256, size, path] = parts;
  if (parts.length !== 3 || sha256 === undefined || size === undefined || path === undefined) throw bad('a file line');
  if (!/^[0-9a-f]{64}$/.test(sha256) || !/^[0-9]{1,15}$/.test(size)) throw bad('a checksum line is malformed');
  if (files.size >= maxFiles) throw bad(`it lists more than ${maxFiles} files`);
  // Other files may be named as they like; only package indexes are ever joined to a URL.
  if (!path.includes('/binary-')) return;
  files.set(checkArchivePath(path, 'a listed index'), { sha256, size: Number(size) });
}

/** RFC 1123 dates as archives write them: `Sat, 09 Aug 2025 09:16:30 UTC`. */
function parseDate(text: string | undefined): Date | undefined {
  if (
    text === undefined ||
    !/^[A-Z][a-z]{2}, +\d{1,2} [A-Z][a-z]{2} \d{4} +\d{1,2}:\d{2}:\d{2} (UTC|GMT|\+0000)$/.test(text)
  ) {
    return undefined;
  }
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function bad(why: string): RepositoryError {
  return new RepositoryError('metadata_untrusted', `a signed index cannot be used: ${why}`);
}
