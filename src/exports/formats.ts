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
    several: 'append',
    write: async (...args) => (await import('./table/write-table.ts')).writeTable(...args),
  },
  {
    id: 'json',
    contentType: 'application/json',
    extension: '.json',
    several: 'lines',
    write: async (...args) => (await import('./json/write-report.ts')).writeReport(...args),
  },
  {
    id: 'cyclonedx',
    contentType: 'application/vnd.cyclonedx+json; version=1.6',
    extension: '.cdx.json',
    several: 'lines',
    write: async (...args) => (await import('./cyclonedx/write-cyclonedx.ts')).writeCycloneDx(...args),
  },
  {
    id: 'spdx',
    contentType: 'application/spdx+json',
    extension: '.spdx.json',
    several: 'lines',
    write: async (...args) => (await import('./spdx/write-spdx.ts')).writeSpdx(...args),
  },
  {
    id: 'sarif',
    contentType: 'application/sarif+json',
    extension: '.sarif',
    several: 'lines',
    write: async (...args) => (await import('./sarif/write-sarif.ts')).writeSarif(...args),
  },
  {
    id: 'openvex',
    contentType: 'application/json',
    extension: '.openvex.json',
    several: 'lines',
    write: async (...args) => (await import('./openvex/write-openvex.ts')).writeOpenVex(...args),
  },
  {
    id: 'html',
    contentType: 'text/html; charset=utf-8',
    extension: '.html',
    several: 'never',
    write: async (...args) => (await import('./html/write-html.ts')).writeHtml(...args),
  },
  {
    id: 'csv',
    contentType: 'text/csv; charset=utf-8; header=present',
    extension: '.csv',
    several: 'append',
    write: async (...args) => (await import('./csv/write-csv.ts')).writeCsv(...args),
  },
  {
    id: 'junit',
    contentType: 'application/xml',
    extension: '.junit.xml',
    several: 'never',
    write: async (...args) => (await import('./junit/write-junit.ts')).writeJunit(...args),
  },
  {
    id: 'github',
    contentType: 'text/plain; charset=utf-8',
    extension: '.txt',
    several: 'append',
    write: async (...args) => (await import('./github/write-github.ts')).writeGithub(...args),
  },
];
