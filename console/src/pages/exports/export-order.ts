import type { Schema } from '../../api/client.ts';
import type { RowKind } from './export-columns.ts';

type Order = Schema<'ExportOrderInput'>;

/** What the user has chosen so far. */
export interface ExportDraft {
  readonly rows: RowKind;
  readonly format: 'csv' | 'xlsx' | 'jsonl';
  readonly filter: string;
  /** Empty = the usual ones. */
  readonly columns: readonly string[];
  readonly language: 'en' | 'zh';
  /** Empty = all rows. */
  readonly limit: number | '';
  readonly bom: boolean;
  readonly raw: boolean;
}

/** The order as the server takes it. */
export function exportOrder({ rows, format, filter, columns, language, limit, bom, raw }: ExportDraft): Order {
  const q = filter.trim();
  return {
    subject: rows === 'images' ? 'images' : 'findings',
    ...(rows === 'images' ? {} : { grain: rows }),
    format,
    language,
    ...(q === '' ? {} : { q }),
    ...(columns.length === 0 ? {} : { columns: [...columns] }),
    ...(limit === '' ? {} : { limit }),
    ...(format === 'csv' ? { bom, raw } : {}),
  };
}
