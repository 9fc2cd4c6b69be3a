import type { Writable } from 'node:stream';
import type { FixReport } from '../../findings/index.ts';
import { writeJson } from '../write-json.ts';
import { writeText } from '../write-text.ts';
import type { FixOutputOptions, FixPlanView } from './contract.ts';

/** Writes a fix report for a person or as JSON (docs/api/fix-report.schema.json); leaves `out` open. */
export async function writeFixReport(
  report: FixReport,
  format: 'table' | 'json',
  out: Writable,
  options: FixOutputOptions = {},
): Promise<void> {
  if (format === 'json') return await writeJson(out, report);
  const { renderReport } = await import('./render-report.ts');
  await writeText(out, renderReport(report, options));
}

/** Writes a plan for a person or as JSON; leaves `out` open. */
export async function writeFixPlan(
  view: FixPlanView,
  format: 'table' | 'json',
  out: Writable,
  options: FixOutputOptions = {},
): Promise<void> {
  if (format === 'json') return await writeJson(out, view);
  const { renderPlan } = await import('./render-plan.ts');
  await writeText(out, renderPlan(view, options));
}
