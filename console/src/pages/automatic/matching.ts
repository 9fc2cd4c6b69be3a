import type { Schema } from '../../api/client.ts';
import { quoted } from '../../filter/terms.ts';

/** What chooses the images of automatic fixing. */
export interface CycleScope extends Pick<Schema<'FixCycle'>, 'imageDays'> {
  readonly repositories: readonly string[];
}

const dayMs = 86_400_000;
const mostInFilter = 1000;

/**
 * The filter of images that a run of automatic fixing looks at: those of the repositories, with something fixable in
 * packages of the system. null = no repository, so none.
 */
export function filterOf({ repositories, imageDays }: CycleScope, now: number): string | null {
  if (repositories.length === 0) return null;
  const names = repositories.slice(0, mostInFilter).map((path) => exactly(path));
  // Whole days, so that the address does not change with each look.
  const since = new Date(Math.floor((now - imageDays * dayMs) / dayMs) * dayMs).toISOString().slice(0, 10);
  return [
    `repository:${names.join(',')}`,
    'current:true',
    'kind:cve fixable:true',
    ...(imageDays === 0 ? [] : [`updated>=${since}`]),
  ].join(' ');
}

/** A run compares whole paths: a star means only itself. */
function exactly(path: string): string {
  return path.includes('*') ? `"${path.replace(/["\\]/g, '\\$&')}"` : quoted(path);
}
