import type { Cataloger, CatalogResult, InstalledPackage, OsRelease } from '../../src/ecosystems/index.ts';
import { factLayers, type LayerFiles } from './fact-layers.ts';

/** What a cataloger makes of layers made of literals. */
export async function catalogOf<F>(
  cataloger: Cataloger<F>,
  layers: readonly LayerFiles[],
  os?: OsRelease,
): Promise<CatalogResult> {
  const facts = await factLayers(() => cataloger.analysis.visitor(), layers);
  return cataloger.coalesce({ ...facts, os });
}

/** A package in one line: purl, what is special about it, first place. */
export function brief({ purl, scope, confidence, locations }: InstalledPackage): string {
  const special = [scope, confidence].filter((word) => word !== undefined).map((word) => ` ${word}`);
  return `${purl}${special.join('')} ${locations[0]?.path}`;
}

/** Packages in one line each. */
export async function briefs<F>(cataloger: Cataloger<F>, ...layers: LayerFiles[]): Promise<string[]> {
  const { packages } = await catalogOf(cataloger, layers);
  return packages.map(brief);
}

/** Codes of the diagnostics, `!` behind those that make a result partial. */
export function codes({ diagnostics }: CatalogResult): string[] {
  return diagnostics.map(({ code, partial }) => `${code}${partial ? '!' : ''}`);
}
