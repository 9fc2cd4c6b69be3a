import type { Ecosystem } from '../contract.ts';
import { condaCataloger } from './catalog.ts';
import { condaLockfiles } from './lockfiles/index.ts';
import { condaVersions } from './versions.ts';

/** Packages of Conda environments: an inventory, without advisories. */
export const conda: Ecosystem = {
  id: 'conda',
  types: ['conda'],
  kind: 'sca',
  about: {
    title: 'Conda packages',
    covers: 'Conda, Mamba, Micromamba, Pixi environments',
    evidence: ['**/conda-meta/*.json'],
    lockfiles: ['conda-lock.yml', 'conda-*.lock'],
    versions: 'not compared',
    limits:
      'Listed only: nobody publishes advisories for Conda. Python distributions in an environment are judged as such.',
  },
  catalogers: [condaCataloger],
  declared: [condaLockfiles],
  versions: condaVersions,
  advisoryKeys: () => [],
};
