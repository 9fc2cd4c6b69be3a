import { displayPath } from '../../image/index.ts';
import type { Diagnostic } from '../../kernel/index.ts';
import type { BinaryFacts } from '../binaries/facts.ts';
import { binaries } from '../binaries/visitor.ts';
import type { Cataloger, CatalogResult, InstalledPackage } from '../contract.ts';
import { findEvidence } from '../evidence.ts';
import { cratePackage } from './package.ts';

/** Problems that are listed. */
const maxProblems = 1000;

/** Crates of programs that were built with `cargo auditable`. */
export const crateCataloger: Cataloger<BinaryFacts> = {
  id: 'cargo-auditable',
  analysis: binaries,
  coalesce(input): CatalogResult {
    const packages: InstalledPackage[] = [];
    const unlessOwned: Diagnostic[] = [];
    for (const { file, path, layer, scope } of findEvidence(input, ({ files }) => files)) {
      const { lists = [], damaged = false } = file.rust ?? {};
      for (const crate of lists.flatMap(({ crates }) => crates)) {
        const own = scope === 'installed' && crate.build ? 'dev' : scope;
        packages.push(cratePackage(crate, { locations: [{ path, layer }], scope: own }));
      }
      const malformed = lists.reduce((sum, list) => sum + list.malformed, 0);
      if (scope === 'removed' || (malformed === 0 && !damaged) || unlessOwned.length >= maxProblems) continue;
      const message = damaged
        ? `${displayPath(path)}: its list of crates is damaged and was not read.`
        : `${displayPath(path)}: ${malformed} entries of its list of crates were left out.`;
      unlessOwned.push({ code: 'package_invalid_metadata', path, message, partial: true });
    }
    return { packages, diagnostics: [], unlessOwned };
  },
};
