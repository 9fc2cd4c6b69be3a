import type { Ecosystem } from '../contract.ts';
import { goCataloger } from './catalog.ts';
import { goModCataloger } from './declared.ts';
import { goVersions } from './versions.ts';

/** Programs that Go built: their modules and the standard library. */
export const golang: Ecosystem = {
  id: 'golang',
  types: ['golang'],
  kind: 'sca',
  about: {
    title: 'Go modules',
    covers: 'programs and libraries built by Go 1.13 and later: ELF, PE, Mach-O, stripped or not',
    evidence: ['build information of executables'],
    lockfiles: ['go.mod', 'go.sum'],
    versions: 'SemVer 2 with pseudo-versions; `1.22rc1` as `1.22.0-rc.1`',
    limits:
      'The main module has a version only where the build recorded one. Packed executables (UPX) and those without build information are told, not read.',
  },
  catalogers: [goCataloger],
  declared: [goModCataloger],
  versions: goVersions,
  advisoryNames: ['Go'],
  advisoryKeys: ({ name, version }) => [{ ecosystem: 'Go', on: 'binary', name, version }],
};
