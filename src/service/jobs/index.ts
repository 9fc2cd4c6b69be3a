export { createExportHandler } from './export.ts';
export { createFixHandler, fixJobFaultPoints } from './fix.ts';
export { createScanHandler, scanFaultPoints } from './scan.ts';
