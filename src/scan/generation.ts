import { type Ecosystem, releaseVisitor } from '../ecosystems/index.ts';

/**
 * A number that rises whenever an analyser learns something, because its version does: results of a lower generation are
 * worth another scan.
 * @param detectors the same number of the detectors.
 */
export function analyserGeneration(ecosystems: readonly Ecosystem[], detectors: number): number {
  const catalogers = ecosystems.flatMap((ecosystem) => ecosystem.catalogers);
  // Several catalogers may share one analysis.
  const versions = new Map(catalogers.map(({ analysis }) => [analysis.id, analysis.version]));
  return [...versions.values()].reduce((sum, version) => sum + version, releaseVisitor().version + detectors);
}
