import { lockfileCataloger } from '../../lockfiles/cataloger.ts';
import { readCondaLock } from '../../lockfiles/conda-lock.ts';
import { pypiIdentity } from '../package.ts';
import { readPins } from '../pins.ts';
import { readPipfileLock } from './pipfile.ts';
import { readPackageTables, readPylock } from './toml.ts';

const tables = new Set(['poetry.lock', 'pdm.lock', 'uv.lock']);

/** Lock files of everything that installs from PyPI. */
export const pypiLockfiles = lockfileCataloger({
  id: 'pypi-lockfiles',
  version: 1,
  formats: [
    {
      isNamed: (name) => name.startsWith('requirements') && name.endsWith('.txt'),
      read: (bytes) => Iterator.from(readPins(bytes)).map(([name, version]) => ({ name, version })),
    },
    { isNamed: (name) => name === 'Pipfile.lock', read: readPipfileLock },
    { isNamed: (name) => tables.has(name), read: readPackageTables },
    { isNamed: (name) => name.startsWith('pylock') && name.endsWith('.toml'), read: readPylock },
    { isNamed: (name) => name === 'conda-lock.yml', read: (bytes) => readCondaLock(bytes, 'pip') },
  ],
  identify: ({ name, version }) => pypiIdentity(name, version),
});
