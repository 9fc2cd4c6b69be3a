import { lockfileCataloger } from '../../lockfiles/cataloger.ts';
import { npmIdentity } from '../package.ts';
import { readBunLock } from './bun.ts';
import { readDenoLock } from './deno.ts';
import { readPackageLock } from './package-lock.ts';
import { readPnpmLock } from './pnpm.ts';
import { readYarnLock } from './yarn.ts';

/** Lock files of everything that installs from the npm registry. */
export const npmLockfiles = lockfileCataloger({
  id: 'npm-lockfiles',
  version: 1,
  formats: [
    { isNamed: (name) => name === 'package-lock.json' || name === 'npm-shrinkwrap.json', read: readPackageLock },
    { isNamed: (name) => name === 'yarn.lock', read: readYarnLock },
    { isNamed: (name) => name === 'pnpm-lock.yaml', read: readPnpmLock },
    { isNamed: (name) => name === 'bun.lock', read: readBunLock },
    { isNamed: (name) => name === 'deno.lock', read: readDenoLock },
  ],
  identify: ({ name, version }) => npmIdentity(name, version),
});
