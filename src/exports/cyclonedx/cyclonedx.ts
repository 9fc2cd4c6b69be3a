import { buildCycloneDx } from '../../findings/index.ts';
import type { ExportFormat } from '../contract.ts';
import { selectReport } from '../select.ts';
import { writeJson } from '../write-json.ts';

/** CycloneDX 1.6: bill of materials with vulnerabilities. */
export const cycloneDxFormat: ExportFormat = {
  id: 'cyclonedx',
  contentType: 'application/vnd.cyclonedx+json; version=1.6',
  extension: '.cdx.json',
  write: (report, out, options) => writeJson(out, buildCycloneDx(selectReport(report, options))),
};
