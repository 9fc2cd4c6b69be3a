import parseSemver from 'semver/functions/parse.js';
import type { VersionScheme } from '../contract.ts';
import { remember } from '../remember.ts';

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
const loose = { loose: true } as const;
const short = /^\d{1,16}(?:\.\d{1,16})?(?=[-+]|$)/;

const parse = remember((version: string): Parsed => (version.length > maxLength ? null : parseNew(version)));

function parseNew(version: string): Parsed {
  let start = 0;
  while (start < version.length && ' \tv='.includes(version.charAt(start))) start++;
  const text = version.slice(start).trimEnd();
  const core = short.exec(text)?.[0];
  if (core === undefined) return parseSemver(text, loose);
  const padding = core.includes('.') ? '.0' : '.0.0';
  return parseSemver(`${core}${padding}${text.slice(core.length)}`, loose);
}
