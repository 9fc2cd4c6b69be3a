import { buildOpenVex, vexStatementsOf } from '../../findings/index.ts';
import type { ExportFormat } from '../contract.ts';
import { selectReport } from '../select.ts';
import { writeJson } from '../write-json.ts';

/** OpenVEX 0.2.0: what affects the image and what to do about it. */
export const openVexFormat: ExportFormat = {
  id: 'openvex',
  contentType: 'application/json',
  extension: '.openvex.json',
  write: (report, out, options) =>
    writeJson(
      out,
      buildOpenVex({
        image: report.image,
        timestamp: report.scan.finishedAt,
        tool: report.tool,
        statements: vexStatementsOf(selectReport(report, options)),
      }),
    ),
};
