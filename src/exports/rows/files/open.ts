import type { ExportColumn } from '../contract.ts';
import { csvCells, csvHeader, jsonCells } from '../delimited.ts';
import { RowEncoder } from '../row-encoder.ts';
import { sheetCells, sheetEnd, sheetHeader, sheetStart, workbookParts } from '../sheet.ts';
import { maxSheetRows } from '../text.ts';
import { ArchiveFile } from './archive.ts';
import type { FilePart, OutputFile, RowFile } from './contract.ts';
import { FlatFile } from './flat.ts';

/** What decides the bytes of a file besides its rows. */
export interface FileOptions {
  readonly format: 'csv' | 'jsonl' | 'xlsx' | 'huawei-zip';
  readonly columns: readonly ExportColumn[];
  readonly bom: boolean;
  readonly raw: boolean;
  /** Content of `manifest.json` inside the archive, once the parts are known; only for `huawei-zip`. */
  innerManifest(parts: readonly FilePart[]): unknown;
}

/** Properties of the formats. `maxRows`: more cannot be held, and an order for more is refused before it starts. */
export const rowFormats = {
  csv: { extension: '.csv', contentType: 'text/csv; charset=utf-8', maxRows: Number.MAX_SAFE_INTEGER },
  jsonl: { extension: '.jsonl', contentType: 'application/jsonl; charset=utf-8', maxRows: Number.MAX_SAFE_INTEGER },
  // 255 sheets, the header in each.
  xlsx: {
    extension: '.xlsx',
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    maxRows: 255 * (maxSheetRows - 1),
  },
  'huawei-zip': { extension: '.zip', contentType: 'application/octet-stream', maxRows: 1_000_000_000 },
} as const;

const partRows = 1_000_000;
const partBytes = 2 ** 31;
const sheetBytes = 3 * 2 ** 30;
const bomText = '\ufeff';

/** Opens the writer of a format, or continues one from what its `checkpoint` returned. */
export function openRowFile(options: FileOptions, out: OutputFile, state: unknown): RowFile {
  const { format, columns } = options;
  if (format === 'csv') {
    const header = `${options.bom ? bomText : ''}${csvHeader(columns)}`;
    return new FlatFile({ name: 'rows', header, encoder: new RowEncoder(columns, csvCells(options.raw)), out }, state);
  }
  if (format === 'jsonl') {
    return new FlatFile({ name: 'rows', header: '', encoder: new RowEncoder(columns, jsonCells), out }, state);
  }
  return format === 'xlsx' ? workbook(columns, out, state) : huaweiArchive(options, out, state);
}

function workbook(columns: readonly ExportColumn[], out: OutputFile, state: unknown): RowFile {
  const layout = {
    maxRows: maxSheetRows - 1,
    maxBytes: sheetBytes,
    partName: (number: number) => `xl/worksheets/sheet${number}.xml`,
    start: `${sheetStart}${sheetHeader(columns)}`,
    end: sheetEnd,
    trailer: (parts: readonly FilePart[]) =>
      workbookParts(parts.map((_, index) => (index === 0 ? 'Rows' : `Rows ${index + 1}`))),
  };
  return new ArchiveFile({ layout, encoder: new RowEncoder(columns, sheetCells), out }, state);
}

function huaweiArchive(options: FileOptions, out: OutputFile, state: unknown): RowFile {
  const layout = {
    maxRows: partRows,
    maxBytes: partBytes,
    partName: (number: number) =>
      `image-local-vulnerabilities${number === 1 ? '' : `-${String(number).padStart(3, '0')}`}.csv`,
    start: `${bomText}${csvHeader(options.columns)}`,
    end: '',
    trailer: (parts: readonly FilePart[]): readonly (readonly [string, string])[] => [
      ['manifest.json', `${JSON.stringify(options.innerManifest(parts), null, 2)}\n`],
    ],
  };
  return new ArchiveFile({ layout, encoder: new RowEncoder(options.columns, csvCells(false)), out }, state);
}
