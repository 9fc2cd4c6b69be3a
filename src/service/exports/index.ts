export type { Tool } from './manifest.ts';
export type { ExportFiles, ExportRecord, ExportStore, NewExportRecord } from './ports.ts';
export type { ProductionDeps } from './production.ts';
export { type RangeAnswer, rangeAnswer } from './ranges.ts';
export { createExportService, type ExportServiceDeps, type ExportServiceHandle } from './service.ts';
export { type TurnDeps, Turns } from './turns.ts';
