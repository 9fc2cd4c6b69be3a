import type { Ecosystem } from '../contract.ts';
import { composerCataloger, composerLockCataloger } from './catalog.ts';
import { composerVersions } from './versions.ts';

/** PHP packages. */
export const composer: Ecosystem = {
  id: 'composer',
  types: ['composer'],
  kind: 'sca',
  about: {
    title: 'PHP packages',
    covers: 'Composer 1 and 2',
    evidence: ['**/composer/installed.json'],
    lockfiles: ['composer.lock'],
    versions: 'Composer normalisation, then version_compare of PHP',
    limits: 'Branches such as dev-main are listed and not matched.',
  },
  catalogers: [composerCataloger],
  declared: [composerLockCataloger],
  versions: composerVersions,
  advisoryNames: ['Packagist'],
  normaliseName: (name) => name.toLowerCase(),
  advisoryKeys: ({ name, version }) => [{ ecosystem: 'Packagist', on: 'binary', name, version }],
};
