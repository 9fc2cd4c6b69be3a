export type { ExportFormat, ExportOptions } from './contract.ts';
export type { FixOutputOptions, FixPlanView } from './fix-report/contract.ts';
export { writeFixPlan, writeFixReport } from './fix-report/write.ts';
export { exportFormats } from './formats.ts';
export * from './rows/index.ts';
export { grid } from './terminal/grid.ts';
export { type Style, styleFor } from './terminal/style.ts';
export { terminalText } from './terminal/terminal-text.ts';
