import { parentOf } from '../../image/index.ts';
import type { Cataloger, CatalogInput, CatalogResult, InstalledPackage } from '../contract.ts';
import { findEvidence } from '../evidence.ts';
import { PackageProblems } from '../problems.ts';
import { type PypiFacts, pypiVisitor } from './facts.ts';
import { pypiIdentity } from './package.ts';

/**
 * Installed distributions, and what pip carries inside itself. The same distribution in two environments is one package
 * in two places.
 */
export const pypiCataloger: Cataloger<PypiFacts> = {
  id: 'pypi',
  analysis: { id: 'pypi', version: 1, visitor: pypiVisitor },
  coalesce(input: CatalogInput<PypiFacts>): CatalogResult {
    const problems = new PackageProblems();
    for (const { digest, facts } of input.layers) if (facts.more) problems.tooMany(digest, 'Python distributions');
    const packages = [...installed(input, problems), ...vendored(input, problems)];
    return { packages, diagnostics: problems.diagnostics };
  },
};

/**
 * A distribution that was installed from a directory of the builder may be a private one that has the name of a public
 * one by chance: it is judged, and said to be less sure.
 */
function installed(input: CatalogInput<PypiFacts>, problems: PackageProblems): InstalledPackage[] {
  const local = new Set(
    findEvidence(input, (facts) => facts.local).flatMap(({ path, scope }) =>
      scope === 'installed' ? [parentOf(path)] : [],
    ),
  );
  const packages: InstalledPackage[] = [];
  for (const { file, path, layer, scope } of findEvidence(input, ({ metadata }) => metadata)) {
    const identity = file.problem ?? pypiIdentity(file.name ?? '', file.version ?? '');
    if (typeof identity === 'string') {
      if (scope === 'installed') problems.invalid(path, identity);
      continue;
    }
    packages.push({
      ...identity,
      locations: [{ path, layer }],
      ...(scope === 'removed' ? { scope } : local.has(parentOf(path)) && { confidence: 'low' }),
    });
  }
  return packages;
}

/** Of setuptools pip carries a small module alone, `pkg_resources`: what is known of the whole is not true of it. */
const onlyInPart = new Set(['setuptools']);

/** pip patches what it carries, so that a version says less than elsewhere. */
function vendored(input: CatalogInput<PypiFacts>, problems: PackageProblems): InstalledPackage[] {
  return findEvidence(input, (facts) => facts.vendored).flatMap(({ file, path, layer, scope }) => {
    if (file.problem !== undefined && scope === 'installed') problems.invalid(path, file.problem);
    return file.pins.flatMap(([name, version]) => {
      const identity = pypiIdentity(name, version);
      if (typeof identity === 'string' || onlyInPart.has(identity.name)) return [];
      return [
        {
          ...identity,
          locations: [{ path, layer }],
          confidence: 'low' as const,
          ...(scope === 'removed' && { scope }),
        },
      ];
    });
  });
}
