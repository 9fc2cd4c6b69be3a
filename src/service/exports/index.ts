export { huaweiManifest, manifestOf, type Tool } from './manifest.ts';
export type { ExportFiles, ExportRecord, ExportStore, NewExportRecord } from './ports.ts';
export { defaultRetentionMs, type ProductionDeps, produceExport } from './production.ts';
export { type RangeAnswer, rangeAnswer } from './ranges.ts';
export { createExportService, type ExportServiceDeps, type ExportServiceHandle } from './service.ts';
export { type TurnDeps, Turns } from './turns.ts';
