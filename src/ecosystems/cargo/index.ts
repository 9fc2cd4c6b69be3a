import type { Ecosystem } from '../contract.ts';
import { semverOrder } from '../semver-order.ts';
import { crateCataloger } from './catalog.ts';
import { cargoLockCataloger } from './declared.ts';

/** Crates of Rust programs. */
export const cargo: Ecosystem = {
  id: 'cargo',
  types: ['cargo'],
  kind: 'sca',
  about: {
    title: 'Rust crates',
    covers: 'programs and libraries built with `cargo auditable`: ELF, PE, Mach-O, WebAssembly',
    evidence: ['section .dep-v0 of executables'],
    lockfiles: ['Cargo.lock'],
    versions: 'SemVer 2',
    limits: 'Programs that were built without `cargo auditable` do not tell their crates.',
  },
  catalogers: [crateCataloger],
  declared: [cargoLockCataloger],
  versions: semverOrder({ id: 'cargo', numbers: 3 }),
  advisoryNames: ['crates.io'],
  advisoryKeys: ({ name, version }) => [{ ecosystem: 'crates.io', on: 'binary', name, version }],
};
