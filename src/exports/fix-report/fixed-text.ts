import { count } from '../terminal/words.ts';
import type { ShownOutcome } from './unsettled.ts';

/**
 * How much of what was asked for is fixed. Vulnerabilities are counted once, findings once per package, as in the
 * table of totals beside it: `80 of 80 requested vulnerabilities (119 findings in 28 packages)`.
 */
export function fixedText(outcomes: readonly ShownOutcome[], requested: readonly string[]): string {
  const fixed = outcomes.filter(({ outcome }) => outcome === 'fixed');
  const ids = new Set(fixed.map(({ id }) => id)).size;
  const packages = new Set(fixed.map(({ package: name }) => name)).size;
  const of = `${ids} of ${count(requested.length, 'requested vulnerability', 'requested vulnerabilities')}`;
  return fixed.length === 0 ? of : `${of} (${count(fixed.length, 'finding')} in ${count(packages, 'package')})`;
}
