import { diversionRecords, readChecksumLine } from '../../../../ecosystems/index.ts';
import { baseName, decodeName } from '../../../../image/index.ts';
import type { FactReader } from '../../contract.ts';

/** What dpkg keeps beside its records. */
export type DpkgFiles =
  /** Checksums of one package: MD5 (32 hex digits), a blank and the path, one a line. */
  | { readonly kind: 'sums'; readonly package: string; readonly lines: string }
  /** Configuration files of one package, without leading slash. */
  | { readonly kind: 'conffiles'; readonly package: string; readonly paths: readonly string[] }
  /** Files that were moved aside for others: from, to, and the package that moved them. */
  | { readonly kind: 'diversions'; readonly moved: readonly (readonly [from: string, to: string, by: string])[] };

const sumsFile = /(^|\/)(info|status\.d)\/[^/]+\.md5sums$/;

/** Reads dpkg's checksums, lists of configuration files, and diversions. */
export const dpkgFilesReader: FactReader<DpkgFiles> = {
  id: 'dpkg-checksums',
  version: 1,
  wants({ path }) {
    if (path.endsWith('.md5sums')) return sumsFile.test(path);
    if (path.endsWith('.conffiles')) return /(^|\/)info\/[^/]+$/.test(path);
    return path.endsWith('dpkg/diversions');
  },
  read(bytes, { path }) {
    const lines = decodeName(bytes).split('\n');
    const name = baseName(path).replace(/(:[^.:]+)?\.(md5sums|conffiles)$/, '');
    if (path.endsWith('.md5sums')) return { kind: 'sums', package: name, lines: sums(lines) };
    if (path.endsWith('.conffiles')) {
      // Flags such as `remove-on-upgrade` stand in front of a path.
      const paths = lines.map((line) => line.slice(line.indexOf('/') + 1)).filter((line) => line !== '');
      return { kind: 'conffiles', package: name, paths };
    }
    const moved = [...diversionRecords(lines)].filter(([from, to]) => from.startsWith('/') && to.startsWith('/'));
    return { kind: 'diversions', moved: moved.map(([from, to, by]) => [from.slice(1), to.slice(1), by]) };
  },
};

/** Lines `<32 hex digits>  <path>`; anything else is no checksum. */
function sums(lines: readonly string[]): string {
  const kept: string[] = [];
  for (const line of lines) {
    const sum = readChecksumLine(line);
    if (sum === undefined) continue;
    kept.push(`${sum.md5} ${sum.path.startsWith('./') ? sum.path.slice(2) : sum.path}`);
  }
  return kept.join('\n');
}
