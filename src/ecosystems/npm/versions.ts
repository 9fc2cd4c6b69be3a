import parseSemver from 'semver/functions/parse.js';
import type { VersionScheme } from '../contract.ts';

type Parsed = ReturnType<typeof parseSemver>;

/**
 * SemVer 2 precedence as npm reads it: build metadata does not count, a leading `v` or `=` and blanks are dropped,
 * `1.2.3beta` is `1.2.3-beta`, and versions of one or two parts are padded with zeros. Ranges (`^1.2`), tags, URLs,
 * numbers above 2^53 and texts of more than 256 characters are no versions.
 */
export const npmVersions: VersionScheme = {
  id: 'npm',
  valid: (version) => parse(version) !== null,
  compare(a, b) {
    const left = parse(a);
    const right = parse(b);
    return left === null || right === null ? 0 : left.compare(right);
  },
};

const maxLength = 256;
const mostKnown = 20_000;
/** The same few thousand versions of advisories are compared again and again. */
const known = new Map<string, Parsed>();
const loose = { loose: true } as const;
const short = /^\d{1,16}(?:\.\d{1,16})?(?=[-+]|$)/;

function parse(version: string): Parsed {
  const cached = known.get(version);
  if (cached !== undefined) return cached;
  const parsed = version.length > maxLength ? null : parseNew(version);
  if (version.length > maxLength) return parsed;
  if (known.size >= mostKnown) known.clear();
  known.set(version, parsed);
  return parsed;
}

function parseNew(version: string): Parsed {
  let start = 0;
  while (start < version.length && ' \tv='.includes(version.charAt(start))) start++;
  const text = version.slice(start).trimEnd();
  const core = short.exec(text)?.[0];
  if (core === undefined) return parseSemver(text, loose);
  const padding = core.includes('.') ? '.0' : '.0.0';
  return parseSemver(`${core}${padding}${text.slice(core.length)}`, loose);
}
