import type { Cataloger, CatalogInput, CatalogResult, InstalledPackage } from '../contract.ts';
import { findEvidence } from '../evidence.ts';
import { PackageProblems } from '../problems.ts';
import { type CondaFacts, condaVisitor } from './facts.ts';
import { condaIdentity } from './package.ts';

/**
 * Packages of Conda environments. They name no owners of files: nobody publishes advisories for Conda, so that the
 * Python distribution that such a package brought is what is judged, once.
 */
export const condaCataloger: Cataloger<CondaFacts> = {
  id: 'conda',
  analysis: { id: 'conda', version: 1, visitor: condaVisitor },
  coalesce(input: CatalogInput<CondaFacts>): CatalogResult {
    const problems = new PackageProblems();
    const packages: InstalledPackage[] = [];
    for (const { digest, facts } of input.layers) if (facts.more) problems.tooMany(digest, 'Conda packages');
    for (const { file, path, layer, scope } of findEvidence(input, ({ records }) => records)) {
      const { name = '', version = '', build = '', channel = '', subdir = '' } = file;
      const identity = file.problem ?? condaIdentity({ name, version, build, channel, subdir });
      if (typeof identity !== 'string') {
        packages.push({ ...identity, locations: [{ path, layer }], ...(scope === 'removed' && { scope }) });
      } else if (scope === 'installed') problems.invalid(path, identity);
    }
    return { packages, diagnostics: problems.diagnostics };
  },
};
