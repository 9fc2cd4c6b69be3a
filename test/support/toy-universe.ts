import type { InstalledUnit } from '../../src/ecosystems/dpkg/fix/solver/contract.ts';
import type { Candidate, PackageFacts, PackageUniverse } from '../../src/ecosystems/dpkg/fix/universe.ts';
import { debVersions } from '../../src/ecosystems/dpkg/versions.ts';

/** What tests say of a package besides its name and version. */
export type Facts = Partial<PackageFacts> & { readonly held?: boolean };

/** An installed package: `name version` with whatever else matters. */
export function unit(label: string, facts: Facts = {}): InstalledUnit {
  const [name = '', version = ''] = label.split(' ');
  return {
    name,
    version,
    arch: 'amd64',
    source: { name, version },
    multiArch: 'no',
    preDepends: '',
    depends: '',
    breaks: '',
    conflicts: '',
    provides: '',
    held: false,
    ...facts,
  };
}

/** The same package as a repository offers it. */
export function candidate(label: string, facts: Facts = {}): Candidate {
  const origin = { archive: 'toy', suite: 'toy', component: 'main' };
  return { ...unit(label, facts), path: 'pool/x.deb', size: 1, sha256: '', installedSize: 0, ...origin };
}

/** A repository with these packages. */
export function universe(candidates: readonly Candidate[]): PackageUniverse {
  const sorted = [...candidates].sort((a, b) => debVersions.compare(b.version, a.version));
  return {
    arch: 'amd64',
    candidates: (name) => sorted.filter((one) => one.name === name),
    providers: (name) => sorted.filter((one) => one.provides.split(/[ ,(]+/).includes(name)),
    indexes: [],
    suites: [],
    diagnostics: [],
  };
}
