import type { Writable } from 'node:stream';
import type { GateVerdict } from '../../findings/index.ts';
import { writeJson } from '../write-json.ts';
import { writeText } from '../write-text.ts';

/** Writes a verdict for a person or as JSON (docs/api/gate.schema.json); leaves `out` open. */
export async function writeVerdict(
  verdict: GateVerdict,
  format: 'table' | 'json',
  out: Writable,
  options: { readonly width?: number | undefined; readonly color?: boolean | undefined } = {},
): Promise<void> {
  if (format === 'json') return await writeJson(out, verdict);
  const { renderVerdict } = await import('./render-verdict.ts');
  await writeText(out, renderVerdict(verdict, options));
}
