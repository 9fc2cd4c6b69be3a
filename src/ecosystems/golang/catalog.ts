import { displayPath } from '../../image/index.ts';
import type { Diagnostic } from '../../kernel/index.ts';
import type { BinaryFacts } from '../binaries/facts.ts';
import { binaries } from '../binaries/visitor.ts';
import type { Cataloger, CatalogResult, InstalledPackage } from '../contract.ts';
import { findEvidence } from '../evidence.ts';
import { type GoBuild, releaseOf } from './build-info.ts';
import { linkedByModule, standardLibrary } from './linked.ts';
import { type GoEvidence, goPackage } from './package.ts';
import type { GoFacts } from './probe.ts';

/** Problems that are listed. */
const maxProblems = 1000;

/** Modules of Go programs, and the standard library, by the build information in the program. */
export const goCataloger: Cataloger<BinaryFacts> = {
  id: 'go-binary',
  analysis: binaries,
  coalesce(input): CatalogResult {
    const packages: InstalledPackage[] = [];
    const unlessOwned: Diagnostic[] = [];
    const diagnostics: Diagnostic[] = [];
    for (const { file, path, layer, scope } of findEvidence(input, ({ files }) => files)) {
      if (file.go === undefined) continue;
      packages.push(...packagesOf(file.go, { location: { path, layer }, scope }));
      if (scope === 'removed') continue;
      if (file.go.unknown && unlessOwned.length < maxProblems) unlessOwned.push(unknown(path));
      const malformed = file.go.builds.reduce((sum, build) => sum + build.malformed, 0);
      if (malformed > 0 && diagnostics.length < maxProblems) diagnostics.push(invalid(path, malformed));
    }
    return { packages, diagnostics, unlessOwned };
  },
};

function packagesOf({ builds, linked }: GoFacts, evidence: GoEvidence): InstalledPackage[] {
  const found = new Map<string, InstalledPackage>();
  for (const build of builds) {
    for (const pkg of packagesOfBuild(build, linked, evidence)) found.set(pkg.purl, pkg);
  }
  return [...found.values()];
}

function* packagesOfBuild(
  { go, modules, local }: GoBuild,
  paths: readonly string[] | undefined,
  evidence: GoEvidence,
): Generator<InstalledPackage> {
  const linked = paths === undefined ? undefined : linkedByModule(paths, [...modules, ...local]);
  const withLinked = (name: string): GoEvidence => {
    const own = linked?.get(name);
    return own === undefined ? evidence : { ...evidence, linked: own };
  };
  const release = releaseOf(go);
  if (release !== undefined) yield goPackage(standardLibrary, release, withLinked(standardLibrary));
  for (const { path, version } of modules) yield goPackage(path, version, withLinked(path));
  for (const { path, version } of local) yield goPackage(path, version, { ...evidence, guessed: true });
}

function unknown(path: string): Diagnostic {
  const message = `${displayPath(path)} was built by Go, but has no build information: its modules are not known.`;
  return { code: 'unknown_go_binary', path, message, partial: true };
}

function invalid(path: string, count: number): Diagnostic {
  const message = `${displayPath(path)}: ${count} lines of its build information are no modules and were left out.`;
  return { code: 'package_invalid_metadata', path, message, partial: true };
}
