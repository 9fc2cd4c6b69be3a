import { type Ecosystem, releaseVisitor } from '../ecosystems/index.ts';

/**
 * A number that rises whenever an analyser learns something, because its version does: results of a lower generation are
 * worth another scan.
 */
export function analyserGeneration(ecosystems: readonly Ecosystem[]): number {
  const versions = ecosystems.flatMap(({ catalogers }) => catalogers.map(({ version }) => version));
  return versions.reduce((sum, version) => sum + version, releaseVisitor().version);
}
