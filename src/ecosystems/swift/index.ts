import { isJsonObject, JsonError, type JsonObject, type JsonValue, parseJson } from '../../kernel/index.ts';
import type { Ecosystem } from '../contract.ts';
import { fileCataloger, type Identified, type ParsedFile } from '../file-cataloger.ts';
import { objectsOf, textOf } from '../json-values.ts';
import { packageUrl } from '../purl.ts';
import { semverOrder } from '../semver-order.ts';
import { quoted } from '../text-lines.ts';

interface SwiftFact {
  /** Where the package's repository is, as written. */
  readonly location: string;
  readonly version: string;
}

const versions = semverOrder({ id: 'swift', numbers: 3 });
const documentLimits = { maxBytes: 16 * 1024 ** 2, maxDepth: 64 };

const lockCataloger = fileCataloger<SwiftFact>({
  id: 'swift-resolved',
  version: 1,
  wants: (path) => path === 'Package.resolved' || path.endsWith('/Package.resolved'),
  maxBytes: documentLimits.maxBytes,
  parse: parseResolved,
  identify,
});

/** `Package.resolved` of all versions; packages pinned to a branch or a revision have no version. */
export function parseResolved(bytes: Uint8Array): ParsedFile<SwiftFact> | undefined {
  let document: JsonValue;
  try {
    document = parseJson(bytes, documentLimits);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return { packages: [], problem: 'it is not valid JSON', partial: true };
  }
  if (!isJsonObject(document)) return undefined;
  const pins = isJsonObject(document.object) ? document.object.pins : document.pins;
  return { packages: objectsOf(pins).flatMap(pinOf) };
}

function pinOf(pin: JsonObject): SwiftFact[] {
  const version = isJsonObject(pin.state) ? textOf(pin.state.version, 256) : '';
  const location = textOf(pin.location, 1024) || textOf(pin.repositoryURL, 1024);
  return version === '' || location === '' ? [] : [{ location, version }];
}

/** The spelling that advisories use: `github.com/apple/swift-nio`, of any URL of the repository. */
export function repositoryName(location: string): string {
  const scheme = location.indexOf('://');
  let rest = scheme < 0 ? location : location.slice(scheme + '://'.length);
  const at = rest.indexOf('@');
  if (at >= 0 && !rest.slice(0, at).includes('/')) rest = rest.slice(at + 1);
  // The short form of SSH has a colon where others have a slash.
  if (scheme < 0) rest = rest.replace(':', '/');
  let end = rest.length;
  while (rest[end - 1] === '/') end--;
  rest = rest.slice(0, end);
  return (rest.endsWith('.git') ? rest.slice(0, -'.git'.length) : rest).toLowerCase();
}

function identify({ location, version }: SwiftFact): Identified {
  const name = repositoryName(location);
  const slash = name.lastIndexOf('/');
  if (slash <= 0 || !/^[a-z0-9.-]+(:[0-9]+)?(\/[a-z0-9._~-]+)+$/.test(name)) {
    return { problem: `${quoted(location)} is no place of a Swift package` };
  }
  if (!versions.valid(version)) return { problem: `${quoted(version)} is no version of a Swift package` };
  const purl = packageUrl({ type: 'swift', namespace: name.slice(0, slash), name: name.slice(slash + 1), version });
  return { purl, type: 'swift', name, version, arch: null, source: null, scope: 'declared' };
}

/** Swift packages. */
export const swift: Ecosystem = {
  id: 'swift',
  types: ['swift'],
  kind: 'sca',
  about: {
    title: 'Swift packages',
    covers: 'Swift Package Manager',
    evidence: [],
    lockfiles: ['Package.resolved'],
    versions: 'SemVer 2',
    limits: 'Compiled programs carry no list of their packages.',
  },
  catalogers: [],
  declared: [lockCataloger],
  versions,
  advisoryNames: ['SwiftURL'],
  normaliseName: repositoryName,
  advisoryKeys: ({ name, version }) => [{ ecosystem: 'SwiftURL', on: 'binary', name, version }],
};
