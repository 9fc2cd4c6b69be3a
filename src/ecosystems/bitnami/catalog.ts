import { isJsonObject, JsonError, parseJson } from '../../kernel/index.ts';
import type { Cataloger, CatalogInput, FileOwners, InstalledPackage } from '../contract.ts';
import { type FileFacts, fileCataloger, type Identified, type ParsedFile } from '../file-cataloger.ts';
import { textOf } from '../json-values.ts';
import { packageUrl } from '../purl.ts';
import { isBitnamiSbom } from '../sbom/catalog.ts';
import { readSbom } from '../sbom/read-sbom.ts';
import { quoted } from '../text-lines.ts';

/** A component as Bitnami's files name it; its version ends with a revision. */
interface BitnamiFact {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
  readonly distro: string;
}

const base = 'opt/bitnami/';
const documentLimits = { maxBytes: 16 * 1024 ** 2, maxDepth: 64 };

const files = fileCataloger<BitnamiFact>({
  id: 'bitnami',
  version: 1,
  wants: (path) => path === `${base}.bitnami_components.json` || isBitnamiSbom(path),
  maxBytes: documentLimits.maxBytes,
  parse: (bytes, path) => (path.endsWith('.json') ? parseComponents(bytes) : parseDocument(bytes)),
  identify,
});

/** Components of Bitnami images, by the list that they all have and by the document of each. */
export const bitnamiCataloger: Cataloger<FileFacts<BitnamiFact>> = {
  ...files,
  coalesce(input: CatalogInput<FileFacts<BitnamiFact>>) {
    const result = files.coalesce(input);
    return { ...result, owners: ownersOf(result.packages) };
  },
};

function parseComponents(bytes: Uint8Array): ParsedFile<BitnamiFact> {
  let document: unknown;
  try {
    document = parseJson(bytes, documentLimits);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return { packages: [], problem: 'it is no list of components', partial: true };
  }
  const packages: BitnamiFact[] = [];
  for (const [name, item] of Object.entries(document)) {
    if (!isJsonObject(item)) continue;
    const [version, arch, distro] = [item.version, item.arch, item.distro].map((value) => textOf(value, 256));
    packages.push({ name, version: version ?? '', arch: arch ?? '', distro: distro ?? '' });
  }
  return { packages };
}

/** The document of a component names also what was compiled into it; these parts are read as an embedded SBOM. */
function parseDocument(bytes: Uint8Array): ParsedFile<BitnamiFact> | undefined {
  const { format, components } = readSbom(bytes);
  if (format !== 'spdx') return undefined;
  const own = components.filter(({ type }) => type === 'bitnami');
  return { packages: own.map(({ name, version, purl }) => ({ name, version, ...qualifiersOf(purl) })) };
}

function qualifiersOf(purl: string): Pick<BitnamiFact, 'arch' | 'distro'> {
  const query = new URLSearchParams(purl.slice(purl.indexOf('?') + 1));
  return { arch: query.get('arch') ?? '', distro: query.get('distro') ?? '' };
}

function identify({ name, version, arch, distro }: BitnamiFact): Identified {
  if (!/^[a-z0-9][a-z0-9._-]{0,127}$/.test(name)) return { problem: `${quoted(name)} is no name of a component` };
  if (!/^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/.test(version)) {
    return { problem: `${quoted(version)} is no version of a component` };
  }
  const purl = packageUrl({ type: 'bitnami', name, version, qualifiers: { arch, distro } });
  return { purl, type: 'bitnami', name, version, arch: arch === '' ? null : arch, source: null };
}

/**
 * A component speaks for the programs in its own folder, which would else be found once more by their bytes. It does
 * not speak for libraries of other worlds there: Bitnami's advisories are about the component alone.
 */
function ownersOf(packages: readonly InstalledPackage[]): FileOwners {
  const owners = new Map<string, string>();
  for (const { name, purl, scope } of packages) if (scope === undefined) owners.set(name, purl);
  return {
    ownerOf(path, type) {
      if (type !== 'generic' || !path.startsWith(base)) return undefined;
      const end = path.indexOf('/', base.length);
      return end < 0 ? undefined : owners.get(path.slice(base.length, end));
    },
  };
}
