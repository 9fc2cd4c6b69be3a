import type { ExportFormat } from './contract.ts';

/**
 * Every format that a scan report can be written in; the order is that of the help text. Writers are loaded when they
 * are used: the start of the command line must not pay for formats that nobody asked for.
 */
export const exportFormats: readonly ExportFormat[] = [
  {
    id: 'table',
    contentType: 'text/plain; charset=utf-8',
    extension: '.txt',
    write: async (...args) => (await import('./table/write-table.ts')).writeTable(...args),
  },
  {
    id: 'json',
    contentType: 'application/json',
    extension: '.json',
    write: async (...args) => (await import('./json/write-report.ts')).writeReport(...args),
  },
  {
    id: 'cyclonedx',
    contentType: 'application/vnd.cyclonedx+json; version=1.6',
    extension: '.cdx.json',
    write: async (...args) => (await import('./cyclonedx/write-cyclonedx.ts')).writeCycloneDx(...args),
  },
  {
    id: 'spdx',
    contentType: 'application/spdx+json',
    extension: '.spdx.json',
    write: async (report, out) => (await import('./spdx/write-spdx.ts')).writeSpdx(report, out),
  },
  {
    id: 'sarif',
    contentType: 'application/sarif+json',
    extension: '.sarif',
    write: async (...args) => (await import('./sarif/write-sarif.ts')).writeSarif(...args),
  },
  {
    id: 'openvex',
    contentType: 'application/json',
    extension: '.openvex.json',
    write: async (...args) => (await import('./openvex/write-openvex.ts')).writeOpenVex(...args),
  },
];
