import { catalogueVersion, type FilePart } from '../../exports/index.ts';
import type { ExportRecord } from './ports.ts';

/** Name and version of the program that made a file. */
export interface Tool {
  readonly name: string;
  readonly version: string;
}

/** What lies beside every file: what is in it, from when, and how many rows were left out. */
export function manifestOf(
  record: ExportRecord,
  tool: Tool,
  result: { readonly bytes: number; readonly sha256: string; readonly parts: readonly FilePart[] },
): object {
  const { spec } = record;
  return {
    schemaVersion: 1,
    tool,
    export: { id: record.id, orderedAt: new Date(record.createdAt).toISOString() },
    subject: spec.subject,
    grain: spec.subject === 'images' ? 'image' : spec.grain,
    format: spec.format,
    filter: spec.filter ?? null,
    sort: spec.sort ?? null,
    columns: record.columns,
    columnCatalogue: catalogueVersion,
    options: { bom: spec.bom ?? false, raw: spec.raw ?? false, language: spec.language ?? 'en' },
    pins: record.pins,
    rows: {
      matched: record.rowsMatched,
      written: record.rowsTotal,
      leftOut: record.rowsMatched - record.rowsTotal,
      truncated: record.rowsMatched > record.rowsTotal,
    },
    parts: result.parts,
    file: { name: record.fileName, bytes: result.bytes, sha256: result.sha256 },
    request: spec.request ?? null,
  };
}

/** `manifest.json` inside of the archive of the Huawei facade (huawei.md §3.3). */
export function huaweiManifest(record: ExportRecord, tool: Tool, parts: readonly FilePart[]): object {
  const request = (record.spec.request ?? {}) as Readonly<Record<string, unknown>>;
  return {
    task_id: record.id,
    project_id: request.projectId ?? null,
    filters: request.filters ?? record.spec.filter ?? null,
    export_size: record.spec.limit ?? null,
    matching_rows: record.rowsMatched,
    written_rows: record.rowsTotal,
    truncated: record.rowsMatched > record.rowsTotal,
    snapshot_time: new Date(record.createdAt).toISOString(),
    scanner: tool,
    data: record.pins,
    column_catalogue: catalogueVersion,
    parts: parts.map(({ name, rows, bytes, sha256 }) => ({ name, rows, bytes, sha256 })),
  };
}
