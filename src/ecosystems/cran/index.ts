import type { Ecosystem } from '../contract.ts';
import { fileCataloger, type Identified } from '../file-cataloger.ts';
import { packageUrl } from '../purl.ts';
import { quoted } from '../text-lines.ts';
import { parseDescription, type RFact } from './description.ts';
import { rVersions } from './versions.ts';

const cataloger = fileCataloger<RFact>({
  id: 'cran',
  version: 1,
  wants: (path) => path.endsWith('/DESCRIPTION'),
  maxBytes: 1024 * 1024,
  parse: parseDescription,
  identify,
});

function identify({ name, version, from }: RFact): Identified {
  if (!/^[A-Za-z][A-Za-z0-9.]{0,127}$/.test(name)) return { problem: `${quoted(name)} is no name of an R package` };
  if (!rVersions.valid(version)) return { problem: `${quoted(version)} is no version of an R package` };
  return { purl: packageUrl({ type: from, name, version }), type: from, name, version, arch: null, source: null };
}

/** R packages of CRAN and Bioconductor. */
export const cran: Ecosystem = {
  id: 'cran',
  types: ['cran', 'bioconductor'],
  kind: 'sca',
  about: {
    title: 'R packages',
    covers: 'CRAN, Bioconductor',
    evidence: ['**/DESCRIPTION'],
    versions: 'package_version of R',
  },
  catalogers: [cataloger],
  versions: rVersions,
  advisoryNames: ['CRAN', 'Bioconductor'],
  advisoryKeys: ({ type, name, version }) => [
    { ecosystem: type === 'cran' ? 'CRAN' : 'Bioconductor', on: 'binary', name, version },
  ],
};
