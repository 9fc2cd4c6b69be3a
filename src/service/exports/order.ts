import { rowFormats, selectColumns } from '../../exports/index.ts';
import type { ExportSpec } from '../contract/index.ts';
import { ServiceError } from '../errors.ts';

/** Characters that file names keep; everything else becomes `_`. */
const nameCharacters = /[^\w. -]/g;

/**
 * Columns of an order by name.
 * @throws ServiceError `invalid_field` naming what is wrong
 */
export function checkOrder(spec: ExportSpec): readonly string[] {
  if (!(spec.format in rowFormats)) throw wrong('format', `there is no format ${spec.format}`);
  if (spec.limit !== undefined && (!Number.isSafeInteger(spec.limit) || spec.limit < 0)) {
    throw wrong('limit', 'must be a whole number from 0 on');
  }
  const subject = spec.subject === 'images' ? 'images' : spec.grain;
  if (spec.format === 'huawei-zip' && subject !== 'finding' && subject !== 'record') {
    throw wrong('format', 'huawei-zip holds findings of images only');
  }
  if (spec.subject === 'images' && spec.sort !== undefined)
    throw wrong('sort', 'images are exported in the order of their ids');
  const selected = selectColumns(subject, spec.format, spec.columns);
  if ('unknown' in selected) {
    throw wrong('columns', `there is no column "${selected.unknown}" here, or it is named twice`);
  }
  return selected.columns.map(({ name }) => name);
}

/**
 * Whether rows are put in order when the file is produced: findings by image. Sorting them when they are pinned would hold
 * up the server, and rows come image after image anyway.
 */
export function sortedByImage({ subject, grain, sort }: ExportSpec): 'ascending' | 'descending' | null {
  if (sort?.by !== 'image' || subject !== 'findings' || grain === 'vulnerability') return null;
  return sort.descending ? 'descending' : 'ascending';
}

/** @throws ServiceError `too_many_rows` when the format cannot hold so many: nothing is ever cut */
export function checkRows(spec: ExportSpec, rows: number): void {
  const { maxRows } = rowFormats[spec.format];
  if (rows <= maxRows) return;
  throw new ServiceError('too_many_rows', `${spec.format} holds at most ${maxRows} rows, and ${rows} match`, {
    field: 'format',
    hint: 'Choose csv or jsonl, narrow the filter, or give a limit.',
  });
}

/** Name of the file: as asked, made harmless, or after what is in it and when it was ordered. */
export function fileNameOf(spec: ExportSpec, at: number): string {
  const { extension } = rowFormats[spec.format];
  const asked = spec.fileName?.replace(nameCharacters, '_').replace(/^\.+/, '').slice(0, 200);
  if (asked !== undefined && asked !== '') return asked;
  const digits = new Date(at).toISOString().replace(/\D/g, '').slice(0, 14);
  return `drydock-${spec.subject}-${digits}${extension}`;
}

function wrong(field: string, why: string): ServiceError {
  return new ServiceError('invalid_field', `${field}: ${why}`, { field });
}
