import { CodedError, parseJson } from '../kernel/index.ts';
import type { ScanReport } from './report.ts';

/** Raised when a file is not a scan report that this version reads. */
export class SavedReportError extends CodedError<'report_invalid'> {}

/** Largest saved report that is read; a real one has a few megabytes. */
const reportLimits = { maxBytes: 256 * 1024 * 1024, maxDepth: 32 };

/**
 * Reads a scan report as `-o json` wrote it. Everything in it is checked against the published schema: the file may have
 * come from anywhere.
 * @param name what the file is called in messages
 * @throws SavedReportError
 */
export async function readSavedReport(bytes: Uint8Array, name: string): Promise<ScanReport> {
  const hint = 'Make one with: drydock scan IMAGE -o json=FILE';
  let value: unknown;
  try {
    value = parseJson(bytes, reportLimits);
  } catch (cause) {
    throw new SavedReportError('report_invalid', `${name} is not a scan report`, { cause, hint });
  }
  const { scanReportSchema } = await import('./report-schema.ts');
  const result = scanReportSchema.safeParse(value);
  if (result.success) return result.data as ScanReport;
  const issue = result.error.issues[0];
  const where = issue?.path.join('.') || 'the top level';
  throw new SavedReportError('report_invalid', `${name} is not a scan report: ${where}: ${issue?.message}`, { hint });
}
