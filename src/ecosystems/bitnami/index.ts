import type { Ecosystem } from '../contract.ts';
import { semverOrder } from '../semver-order.ts';
import { bitnamiCataloger } from './catalog.ts';

/** Components of Bitnami images. */
export const bitnami: Ecosystem = {
  id: 'bitnami',
  types: ['bitnami'],
  kind: 'sca',
  about: {
    title: 'Bitnami components',
    covers: 'Bitnami images',
    evidence: ['opt/bitnami/.bitnami_components.json', 'opt/bitnami/**/.spdx-*.spdx'],
    versions: 'SemVer 2, without the revision of the build',
  },
  catalogers: [bitnamiCataloger],
  versions: semverOrder({ id: 'bitnami', numbers: 5 }),
  advisoryNames: ['Bitnami'],
  advisoryKeys: ({ name, version }) => [
    { ecosystem: 'Bitnami', on: 'binary', name, version: withoutRevision(version) },
  ],
};

/** `7.0.5-3` is the third build of 7.0.5 after the first. */
export function withoutRevision(version: string): string {
  const hyphen = version.lastIndexOf('-');
  return hyphen > 0 && /^[0-9]+$/.test(version.slice(hyphen + 1)) ? version.slice(0, hyphen) : version;
}
