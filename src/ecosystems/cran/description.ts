import type { ParsedFile } from '../file-cataloger.ts';
import { linesOf } from '../text-lines.ts';

/** An R package. */
export interface RFact {
  readonly name: string;
  readonly version: string;
  readonly from: 'cran' | 'bioconductor';
}

/**
 * Reads `DESCRIPTION` of an installed R package: `Field: value`, with further lines indented. Sources have no `Built`;
 * packages of R itself (`Priority: base`) are in no repository.
 */
export function parseDescription(bytes: Uint8Array): ParsedFile<RFact> | undefined {
  const fields = new Map<string, string>();
  for (const line of linesOf(bytes)) {
    const colon = line.indexOf(':');
    if (colon > 0 && colon < 64 && !/^\s/.test(line)) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const [name, version] = [fields.get('Package'), fields.get('Version')];
  if (!name || !version || !fields.has('Built') || fields.get('Priority') === 'base') return undefined;
  const bioconductor = fields.has('biocViews') || (fields.get('Repository') ?? '').startsWith('Bioconductor');
  return { packages: [{ name, version, from: bioconductor ? 'bioconductor' : 'cran' }] };
}
