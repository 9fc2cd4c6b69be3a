import { displayPath, parentOf } from '../../image/index.ts';
import type { Diagnostic } from '../../kernel/index.ts';
import type { BinaryFacts } from '../binaries/facts.ts';
import { binaries } from '../binaries/visitor.ts';
import type { Cataloger, CatalogResult, InstalledPackage } from '../contract.ts';
import { findEvidence } from '../evidence.ts';
import { packageUrl } from '../purl.ts';
import type { Hit } from './contract.ts';

/** Problems that are listed. */
const maxProblems = 1000;

interface Found {
  readonly hit: Hit;
  readonly path: string;
  readonly removed: boolean;
  readonly pkg: InstalledPackage;
}

/** Runtimes and servers that were installed without a package, by what their files say. */
export const versionCataloger: Cataloger<BinaryFacts> = {
  id: 'binary-version',
  analysis: binaries,
  coalesce(input): CatalogResult {
    const found: Found[] = [];
    const programs: string[] = [];
    const unlessOwned: Diagnostic[] = [];
    for (const { file, path, layer, scope } of findEvidence(input, ({ files }) => files)) {
      if (scope === 'installed' && file.program) programs.push(path);
      if (scope === 'installed' && file.packed && unlessOwned.length < maxProblems) unlessOwned.push(packed(path));
      for (const hit of file.hits ?? []) {
        const pkg = packageOf(hit, { locations: [{ path, layer }], scope });
        found.push({ hit, path, removed: scope === 'removed', pkg });
      }
    }
    return { packages: withoutLaunchers(found), diagnostics: dropped(input.layers), unlessOwned, programs };
  },
};

function packageOf({ name, version }: Hit, evidence: Pick<InstalledPackage, 'locations' | 'scope'>): InstalledPackage {
  return {
    purl: packageUrl({ type: 'generic', name, version }),
    ...{ type: 'generic', name, version, arch: null, source: null, ownedBy: null, held: false, confidence: 'medium' },
    ...evidence,
  };
}

/** A launcher next to its library runs what is in the library. */
function withoutLaunchers(found: readonly Found[]): InstalledPackage[] {
  const libraries = found.filter(({ hit, removed }) => hit.library && !removed);
  const follows = ({ hit, path, removed }: Found): boolean => {
    if (!hit.launcher || removed) return false;
    const prefix = parentOf(parentOf(path));
    const lib = prefix === '' ? 'lib' : `${prefix}/lib`;
    return libraries.some((library) => library.hit.name === hit.name && library.path.startsWith(lib));
  };
  return found.filter((one) => !follows(one)).map(({ pkg }) => pkg);
}

function packed(path: string): Diagnostic {
  const message = `${displayPath(path)} is packed by UPX: what is inside is not known.`;
  return { code: 'packed_binary', path, message, partial: true };
}

function dropped(layers: readonly { readonly digest: string; readonly facts: BinaryFacts }[]): Diagnostic[] {
  return layers.flatMap(({ digest, facts }) => {
    if (facts.dropped === 0) return [];
    const message = `${facts.dropped} executables of one layer are over the limits and were not looked at.`;
    return [{ code: 'too_many_packages', layer: digest, message, partial: true }];
  });
}
