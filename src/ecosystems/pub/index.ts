import type { Ecosystem } from '../contract.ts';
import { fileCataloger, type Identified, type ParsedFile } from '../file-cataloger.ts';
import { packageUrl } from '../purl.ts';
import { semverOrder } from '../semver-order.ts';
import { linesOf, quoted } from '../text-lines.ts';

interface PubFact {
  readonly name: string;
  readonly version: string;
  readonly dev?: true;
}

const versions = semverOrder({ id: 'pub', numbers: 3, build: true });

const lockCataloger = fileCataloger<PubFact>({
  id: 'pub-lock',
  version: 1,
  wants: (path) => path === 'pubspec.lock' || path.endsWith('/pubspec.lock'),
  maxBytes: 16 * 1024 * 1024,
  parse: parsePubspecLock,
  identify,
});

/**
 * `pubspec.lock` as pub writes it: `packages:`, then names indented by two and their fields by four. Read by lines,
 * because only this one shape of YAML occurs. Packages of an SDK, a path or Git have no published version.
 */
export function parsePubspecLock(bytes: Uint8Array): ParsedFile<PubFact> {
  const packages: PubFact[] = [];
  let section = '';
  let name = '';
  let fields = new Map<string, string>();
  const close = (): void => {
    const version = fields.get('version') ?? '';
    const dev = fields.get('dependency') === 'direct dev';
    if (fields.get('source') === 'hosted') packages.push({ name, version, ...(dev && { dev: true }) });
    fields = new Map();
  };
  for (const line of linesOf(bytes)) {
    const indent = line.length - line.trimStart().length;
    const colon = line.indexOf(':');
    if (colon < 0 || line.length > 4096) continue;
    const key = unquoted(line.slice(indent, colon));
    if (indent > 4 || (indent === 4 && section !== 'packages')) continue;
    if (indent === 4) fields.set(key, unquoted(line.slice(colon + 1).trim()));
    else {
      close();
      if (indent === 0) section = key;
      else name = key;
    }
  }
  close();
  return { packages };
}

function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

function identify({ name, version, dev }: PubFact): Identified {
  if (!/^[a-z_][a-z0-9_]{0,127}$/i.test(name)) return { problem: `${quoted(name)} is no name of a Dart package` };
  if (!versions.valid(version)) return { problem: `${quoted(version)} is no version of a Dart package` };
  const purl = packageUrl({ type: 'pub', name, version });
  return { purl, type: 'pub', name, version, arch: null, source: null, scope: dev ? 'dev' : 'declared' };
}

/** Dart and Flutter packages. */
export const pub: Ecosystem = {
  id: 'pub',
  types: ['pub'],
  kind: 'sca',
  about: {
    title: 'Dart packages',
    covers: 'Dart, Flutter',
    evidence: [],
    lockfiles: ['pubspec.lock'],
    versions: 'SemVer 2, with build metadata as the last criterion',
    limits: 'Compiled programs carry no list of their packages.',
  },
  catalogers: [],
  declared: [lockCataloger],
  versions,
  advisoryNames: ['Pub'],
  advisoryKeys: ({ name, version }) => [{ ecosystem: 'Pub', on: 'binary', name, version }],
};
