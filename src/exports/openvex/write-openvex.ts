import type { Writable } from 'node:stream';
import { buildOpenVex, type ScanReport, vexStatementsOf } from '../../findings/index.ts';
import type { ExportOptions } from '../contract.ts';
import { selectReport } from '../select.ts';
import { writeJson } from '../write-json.ts';

/** Writes OpenVEX 0.2.0: what affects the image and what to do about it. */
export async function writeOpenVex(report: ScanReport, out: Writable, options: ExportOptions): Promise<void> {
  const document = buildOpenVex({
    image: report.image,
    timestamp: report.scan.finishedAt,
    tool: report.tool,
    statements: vexStatementsOf(selectReport(report, options)),
  });
  await writeJson(out, document);
}
