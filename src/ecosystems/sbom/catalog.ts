import { baseName } from '../../image/index.ts';
import { fileCataloger, type Identified, type ParsedFile } from '../file-cataloger.ts';
import { packageUrl } from '../purl.ts';
import { parsePackageUrl } from '../purl-text.ts';
import { isSystem } from './component.ts';
import type { SbomComponent } from './contract.ts';
import { documentLimits, readSbom } from './read-sbom.ts';

/** What of a component is kept as a fact. */
type SbomFact = Pick<SbomComponent, 'purl' | 'type' | 'name' | 'version' | 'arch' | 'source' | 'scope' | 'guessed'>;

const suffixes = ['.cdx.json', '.spdx.json', '.bom.json', '/bom.json', '.spdx'];

/**
 * Packages that bills of materials inside of the image name. That is their writer's word, not evidence of files:
 * `declared`, and never instead of what other catalogers find.
 */
export const sbomCataloger = fileCataloger<SbomFact>({
  id: 'sbom',
  version: 1,
  wants: isSbomPath,
  maxBytes: documentLimits.maxBytes,
  parse,
  identify,
});

function isSbomPath(path: string): boolean {
  if (path.startsWith('usr/local/share/sbom/')) return path.endsWith('.json') || path.endsWith('.spdx');
  if (!suffixes.some((suffix) => path.endsWith(suffix)) && path !== 'bom.json') return false;
  // Other files of this kind are texts, not JSON.
  return !path.endsWith('.spdx') || isBitnamiSbom(path);
}

/** The document that Bitnami ships with each component. */
export function isBitnamiSbom(path: string): boolean {
  return path.startsWith('opt/bitnami/') && path.endsWith('.spdx') && baseName(path).startsWith('.spdx-');
}

function parse(bytes: Uint8Array, path: string): ParsedFile<SbomFact> | undefined {
  const { format, components, diagnostics } = readSbom(bytes);
  // Such a name may be that of some other file.
  if (format === null && !path.endsWith('.cdx.json') && !path.endsWith('.spdx.json')) return undefined;
  const problem = diagnostics.find(({ partial }) => partial === true);
  return {
    packages: components.map(({ purl, type, name, version, arch, source, scope, guessed }) => ({
      ...{ purl, type, name, version, arch, source },
      ...(scope && { scope }),
      ...(guessed && { guessed }),
    })),
    ...(problem && { problem: problem.message, partial: true }),
  };
}

function identify(fact: SbomFact): Identified {
  const parts = isSystem(fact.type) || fact.type === 'bitnami' ? undefined : parsePackageUrl(fact.purl);
  // Qualifiers of application packages say where a copy came from: without them it is the package that others find.
  const purl = parts === undefined ? fact.purl : packageUrl({ ...parts, qualifiers: {} });
  return { ...fact, purl, scope: fact.scope ?? 'declared', confidence: 'medium' };
}
