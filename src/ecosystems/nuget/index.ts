import type { Ecosystem } from '../contract.ts';
import { nugetCataloger, nugetLockCataloger } from './catalog.ts';
import { nugetVersions } from './versions.ts';

/** .NET packages. */
export const nuget: Ecosystem = {
  id: 'nuget',
  types: ['nuget'],
  kind: 'sca',
  about: {
    title: '.NET packages',
    covers: 'applications and shared runtimes of .NET (Core), runtime packs of self-contained applications',
    evidence: ['**/*.deps.json'],
    lockfiles: ['packages.lock.json', 'packages.config'],
    versions: 'NuGet (SemVer 2 with up to four numbers)',
    limits: 'Applications bundled into a single file, or published without *.deps.json, tell nothing.',
  },
  catalogers: [nugetCataloger],
  declared: [nugetLockCataloger],
  versions: nugetVersions,
  advisoryNames: ['NuGet'],
  normaliseName: (name) => name.toLowerCase(),
  advisoryKeys: ({ name, version }) => [{ ecosystem: 'NuGet', on: 'binary', name, version }],
};
