import { lockfileCataloger } from '../../lockfiles/cataloger.ts';
import { readCondaLock, readExplicitList } from '../../lockfiles/conda-lock.ts';
import { condaIdentity } from '../package.ts';

/** Lock files of Conda environments. */
export const condaLockfiles = lockfileCataloger({
  id: 'conda-lockfiles',
  version: 1,
  formats: [
    { isNamed: (name) => name === 'conda-lock.yml', read: (bytes) => readCondaLock(bytes, 'conda') },
    { isNamed: (name) => name.startsWith('conda-') && name.endsWith('.lock'), read: readExplicitList },
  ],
  identify: ({ name, version, more: { build = '', channel = '', subdir = '' } = {} }) =>
    condaIdentity({ name, version, build, channel, subdir }),
});
