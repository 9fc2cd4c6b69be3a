import type { Writable } from 'node:stream';
import type { FixReport } from '../../findings/index.ts';
import { writeJson } from '../write-json.ts';
import { writeText } from '../write-text.ts';
import type { FixOutputOptions, FixPlanView } from './contract.ts';
import { renderPlan } from './render-plan.ts';
import { renderReport } from './render-report.ts';

/** Writes a fix report for a person or as JSON (docs/api/fix-report.schema.json); leaves `out` open. */
export async function writeFixReport(
  report: FixReport,
  format: 'table' | 'json',
  out: Writable,
  options: FixOutputOptions = {},
): Promise<void> {
  await (format === 'json' ? writeJson(out, report) : writeText(out, renderReport(report, options)));
}

/** Writes a plan for a person or as JSON; leaves `out` open. */
export async function writeFixPlan(
  view: FixPlanView,
  format: 'table' | 'json',
  out: Writable,
  options: FixOutputOptions = {},
): Promise<void> {
  await (format === 'json' ? writeJson(out, view) : writeText(out, renderPlan(view, options)));
}
