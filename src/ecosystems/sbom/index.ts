import type { Ecosystem } from '../contract.ts';
import { semverOrder } from '../semver-order.ts';
import { sbomCataloger } from './catalog.ts';

/** Bills of materials inside of images. Their packages are of other worlds, which judge them. */
export const sbom: Ecosystem = {
  id: 'sbom',
  types: [],
  kind: 'sca',
  about: {
    title: 'Embedded SBOMs',
    covers: 'CycloneDX and SPDX 2 in JSON',
    evidence: [
      '**/*.cdx.json',
      '**/*.spdx.json',
      '**/*.bom.json',
      '**/bom.json',
      'usr/local/share/sbom/**',
      'opt/bitnami/**/.spdx-*.spdx',
    ],
    versions: 'those of the packages that they name',
    limits: 'Their packages are declared: listed always, judged on request.',
  },
  catalogers: [sbomCataloger],
  versions: semverOrder({ id: 'sbom', numbers: 3 }),
  advisoryKeys: () => [],
};
