import type { ExportFormat } from '../contract.ts';
import { selectReport } from '../select.ts';
import { writeJson } from '../write-json.ts';

/** The scan report itself (docs/api/report.schema.json). */
export const jsonFormat: ExportFormat = {
  id: 'json',
  contentType: 'application/json',
  extension: '.json',
  write: (report, out, options) => writeJson(out, selectReport(report, options)),
};
