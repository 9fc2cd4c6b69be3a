import { debVersions } from '../../versions.ts';
import { sourceOf } from '../database.ts';
import type { Candidate } from '../universe.ts';
import { RepositoryError } from './errors.ts';
import { checkArchivePath } from './paths.ts';

/** Where a stanza comes from. */
export interface StanzaOrigin {
  readonly archive: string;
  readonly suite: string;
  readonly component: string;
}

/** Cap of one package file. */
export const maxPackageBytes = 2 * 1024 ** 3;

const packageName = /^[a-z0-9][a-z0-9+.-]{0,254}$/;
const architecture = /^[a-z0-9][a-z0-9-]{0,63}$/;

/**
 * Makes a candidate of the kept lines of a stanza. Undefined when a field that a plan relies on is missing or outside
 * its grammar: such a version is never chosen.
 */
export function readCandidate(lines: string, origin: StanzaOrigin): Candidate | undefined {
  const fields = readFields(lines);
  if (fields === undefined) return undefined;
  const text = (field: string): string => fields.get(field) ?? '';
  const name = text('package');
  const version = text('version');
  const arch = text('architecture');
  const size = Number(text('size'));
  const source = sourceOf(fields.get('source'), name, version);
  if (!packageName.test(name) || !packageName.test(source.name) || !architecture.test(arch)) return undefined;
  if (!debVersions.valid(version) || !debVersions.valid(source.version)) return undefined;
  if (!/^[0-9]{1,12}$/.test(text('size')) || size === 0 || size > maxPackageBytes) return undefined;
  if (!/^[0-9a-f]{64}$/.test(text('sha256')) || !isArchivePath(text('filename'))) return undefined;
  return {
    name,
    version,
    arch,
    source,
    multiArch: multiArchOf(text('multi-arch')),
    preDepends: text('pre-depends'),
    depends: text('depends'),
    breaks: text('breaks'),
    conflicts: text('conflicts'),
    provides: text('provides'),
    path: text('filename'),
    size,
    sha256: text('sha256'),
    installedSize: installedBytes(text('installed-size')),
    ...origin,
  };
}

function readFields(lines: string): Map<string, string> | undefined {
  const fields = new Map<string, string>();
  let last = '';
  for (const line of lines.split('\n')) {
    if (line === '') continue;
    if (line.startsWith(' ') || line.startsWith('\t')) {
      fields.set(last, `${fields.get(last) ?? ''} ${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(':');
    last = line.slice(0, colon).toLowerCase();
    // Two values for one field: which of them another reader would take is unknown.
    if (fields.has(last)) return undefined;
    fields.set(last, line.slice(colon + 1).trim());
  }
  return fields;
}

/** Reads a `Multi-Arch` field; unknown values count as `no`. */
function multiArchOf(text: string): Candidate['multiArch'] {
  return text === 'same' || text === 'foreign' || text === 'allowed' ? text : 'no';
}

function installedBytes(text: string): number {
  return /^[0-9]{1,9}$/.test(text) ? Number(text) * 1024 : 0;
}

function isArchivePath(path: string): boolean {
  try {
    checkArchivePath(path, 'a package');
    return true;
  } catch (error) {
    if (error instanceof RepositoryError) return false;
    throw error;
  }
}
