import type { Writable } from 'node:stream';
import type { ReportComparison } from '../../findings/index.ts';
import { writeJson } from '../write-json.ts';
import { writeText } from '../write-text.ts';

/** Writes a comparison for a person or as JSON (docs/api/diff.schema.json); leaves `out` open. */
export async function writeComparison(
  comparison: ReportComparison,
  format: 'table' | 'json',
  out: Writable,
  options: { readonly width?: number | undefined; readonly color?: boolean | undefined } = {},
): Promise<void> {
  if (format === 'json') return await writeJson(out, comparison);
  const { renderComparison } = await import('./render-comparison.ts');
  await writeText(out, renderComparison(comparison, options));
}
