import type { ExportFormat } from './contract.ts';
import { cycloneDxFormat } from './cyclonedx/cyclonedx.ts';
import { jsonFormat } from './json/json.ts';
import { openVexFormat } from './openvex/openvex.ts';
import { sarifFormat } from './sarif/sarif.ts';
import { spdxFormat } from './spdx/spdx.ts';
import { tableFormat } from './table/table.ts';

export type { ExportFormat, ExportOptions } from './contract.ts';
export type { FixOutputOptions, FixPlanView } from './fix-report/contract.ts';
export { writeFixPlan, writeFixReport } from './fix-report/write.ts';
export { type Style, styleFor } from './terminal/style.ts';
export { terminalText } from './terminal/terminal-text.ts';

/** Every format that a scan report can be written in; the order is that of the help text. */
export const exportFormats: readonly ExportFormat[] = [
  tableFormat,
  jsonFormat,
  cycloneDxFormat,
  spdxFormat,
  sarifFormat,
  openVexFormat,
];
