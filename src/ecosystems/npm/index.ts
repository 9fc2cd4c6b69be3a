import type { Ecosystem } from '../contract.ts';
import { npmCataloger } from './catalog.ts';
import { npmLockfiles } from './lockfiles/index.ts';
import { npmVersions } from './versions.ts';

/** Packages of the npm registry, whichever tool installed them. */
export const npm: Ecosystem = {
  id: 'npm',
  types: ['npm'],
  kind: 'sca',
  about: {
    title: 'npm packages',
    covers: 'npm, pnpm, Yarn, Bun: modules of Node.js applications',
    evidence: ['**/node_modules/NAME/package.json', '**/node_modules/@SCOPE/NAME/package.json', '**/.yarn/cache/*.zip'],
    lockfiles: ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'deno.lock'],
    versions: 'SemVer 2 as npm reads it',
    limits: 'Packages that a bundler wrote into one file are not found; neither are binary lock files (bun.lockb).',
  },
  catalogers: [npmCataloger],
  declared: [npmLockfiles],
  versions: npmVersions,
  advisoryNames: ['npm'],
  advisoryKeys: ({ name, version }) => [{ ecosystem: 'npm', on: 'binary', name, version }],
};
