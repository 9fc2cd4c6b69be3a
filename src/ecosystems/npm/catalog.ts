import { parentOf } from '../../image/index.ts';
import type { Cataloger, CatalogInput, CatalogResult, InstalledPackage, PackageScope } from '../contract.ts';
import { findEvidence } from '../evidence.ts';
import { PackageProblems } from '../problems.ts';
import { type NpmFacts, type NpmTreeNotes, npmVisitor } from './facts.ts';
import { npmIdentity } from './package.ts';

/**
 * Packages in `node_modules`, by their own manifests: the directory may have another name (aliases), and a package that
 * is reached through links (pnpm, workspaces) counts where it really is.
 */
export const npmCataloger: Cataloger<NpmFacts> = {
  id: 'npm',
  analysis: { id: 'npm', version: 1, visitor: npmVisitor },
  coalesce(input: CatalogInput<NpmFacts>): CatalogResult {
    const problems = new PackageProblems();
    const dev = developmentOnly(input, problems);
    const packages: InstalledPackage[] = [];
    for (const { digest, facts } of input.layers) if (facts.more) problems.tooMany(digest, 'npm packages');
    for (const { file, path, layer, scope } of findEvidence(input, ({ manifests }) => manifests)) {
      const { name = '', version = '', problem } = file;
      const identity = problem ?? npmIdentity(name, version);
      if (typeof identity === 'string') {
        if (scope === 'installed') problems.invalid(path, identity);
        continue;
      }
      const isDev = scope === 'installed' && dev.get(parentOf(path)) === version;
      const own: PackageScope = isDev ? 'dev' : scope;
      packages.push({ ...identity, locations: [{ path, layer }], ...(own !== 'installed' && { scope: own }) });
    }
    packages.push(...archived(input, problems));
    return { packages, diagnostics: problems.diagnostics };
  },
};

/** Packages that are run from Yarn's archives. */
function archived(input: CatalogInput<NpmFacts>, problems: PackageProblems): InstalledPackage[] {
  const packages: InstalledPackage[] = [];
  for (const { file, path, layer, scope } of findEvidence(input, ({ archives }) => archives)) {
    if (file.problem !== undefined && scope === 'installed') problems.invalid(path, file.problem);
    for (const [name, version] of file.packages) {
      const identity = npmIdentity(name, version);
      if (typeof identity !== 'string') {
        packages.push({ ...identity, locations: [{ path, layer }], ...(scope === 'removed' && { scope }) });
      } else if (scope === 'installed') problems.invalid(path, identity);
    }
  }
  return packages;
}

/**
 * Version by directory of what the installer put there for development only. Another version in that directory is not
 * what the installer spoke of.
 */
function developmentOnly(input: CatalogInput<NpmFacts>, problems: PackageProblems): Map<string, string> {
  const dev = new Map<string, string>();
  for (const { file, path, scope } of findEvidence(input, ({ trees }): readonly NpmTreeNotes[] => trees)) {
    if (scope !== 'installed') continue;
    if (file.problem !== undefined) problems.invalid(path, file.problem);
    const project = parentOf(parentOf(path));
    for (const [directory, version] of file.dev)
      dev.set(project === '' ? directory : `${project}/${directory}`, version);
  }
  return dev;
}
