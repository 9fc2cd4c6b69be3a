import type { Ecosystem } from '../contract.ts';
import { pypiCataloger } from './catalog.ts';
import { pypiLockfiles } from './lockfiles/index.ts';
import { normaliseName } from './package.ts';
import { pypiVersions, withoutLabel } from './versions.ts';

/** Python distributions, whichever tool installed them. */
export const pypi: Ecosystem = {
  id: 'pypi',
  types: ['pypi'],
  kind: 'sca',
  about: {
    title: 'Python packages',
    covers: 'pip, uv, Poetry, PDM, setuptools; Python distributions inside Conda environments',
    evidence: [
      '**/*.dist-info/METADATA',
      '**/*.egg-info',
      '**/*.egg-info/PKG-INFO',
      '**/*.egg/EGG-INFO/PKG-INFO',
      '**/*.whl',
      '**/*.egg',
      '**/pip/_vendor/vendor.txt',
    ],
    lockfiles: [
      'requirements*.txt',
      'Pipfile.lock',
      'poetry.lock',
      'pdm.lock',
      'uv.lock',
      'pylock*.toml',
      'conda-lock.yml',
    ],
    versions: 'PEP 440',
    limits:
      'What pip carries inside itself is judged by its list, with low confidence; so is what was installed from a directory. Frozen programs (PyInstaller) are not looked into.',
  },
  catalogers: [pypiCataloger],
  declared: [pypiLockfiles],
  versions: pypiVersions,
  advisoryNames: ['PyPI'],
  normaliseName,
  advisoryKeys: ({ name, version }) => [
    { ecosystem: 'PyPI', on: 'binary', name: normaliseName(name), version: withoutLabel(version) },
  ],
};
