import {
  type Analysis,
  type Cataloger,
  type Ecosystem,
  type FileOwners,
  type InstalledPackage,
  type OsRelease,
  releaseVisitor,
} from '../ecosystems/index.ts';
import type { UnionView } from '../image/index.ts';
import type { Diagnostic } from '../kernel/index.ts';
import type { AnalysedLayer } from './layers.ts';

/** What all catalogers together found; nothing is merged or left out yet. */
export interface Catalog {
  readonly packages: readonly InstalledPackage[];
  readonly diagnostics: readonly Diagnostic[];
  readonly owners: readonly FileOwners[];
  /** Problems that concern nobody where a package owns the file. */
  readonly unlessOwned: readonly Diagnostic[];
  /** Programs that were looked into. */
  readonly programs: readonly string[];
}

/** The catalogers of a scan; those of lock files only when asked for. */
export function catalogersOf(ecosystems: readonly Ecosystem[], withDeclared: boolean): readonly Cataloger[] {
  return ecosystems.flatMap(({ catalogers, declared = [] }) =>
    withDeclared ? [...catalogers, ...declared] : catalogers,
  );
}

/** Everything that has to be asked of a layer, each question once. */
export function analysesOf(catalogers: readonly Cataloger[]): Analysis[] {
  const { id, version } = releaseVisitor();
  const analyses = new Map<string, Analysis>([[id, { id, version, visitor: releaseVisitor }]]);
  for (const { analysis } of catalogers) analyses.set(analysis.id, analysis);
  return [...analyses.values()];
}

/** Lets every cataloger decide what is in the final file system. */
export function runCatalogers(
  catalogers: readonly Cataloger[],
  layers: readonly AnalysedLayer[],
  view: UnionView,
  os: OsRelease | undefined,
): Catalog {
  const results = catalogers.map((cataloger) => {
    const { analysis } = cataloger;
    // A layer that could not be read has no facts: an empty visitor says what "nothing" is.
    const facts = (layer: AnalysedLayer): unknown => layer.facts.get(analysis.id) ?? analysis.visitor().finish();
    const known = layers.map((layer, index) => {
      return { layer: index, digest: layer.digest, tree: layer.tree, facts: facts(layer) };
    });
    const result = cataloger.coalesce({ layers: known, view, os });
    return { ...result, packages: result.packages.map((pkg) => ({ cataloger: cataloger.id, ...pkg })) };
  });
  return {
    packages: results.flatMap(({ packages }) => packages),
    diagnostics: results.flatMap(({ diagnostics }) => diagnostics),
    owners: results.flatMap(({ owners }) => (owners === undefined ? [] : [owners])),
    unlessOwned: results.flatMap(({ unlessOwned = [] }) => unlessOwned),
    programs: results.flatMap(({ programs = [] }) => programs),
  };
}
