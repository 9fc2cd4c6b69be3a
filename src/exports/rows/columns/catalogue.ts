import type { Grain } from '../../../findings/index.ts';
import type { ExportColumn } from '../contract.ts';
import {
  estateColumns,
  firstSeen,
  packageColumns,
  packageFacts,
  placeColumns,
  vulnerabilityColumns,
  vulnerabilityFacts,
} from './finding.ts';
import { huaweiColumns } from './huawei.ts';
import { imageCounts, imageFacts, imageIdentity } from './image.ts';

/** Raised whenever a column changes its meaning; written into every manifest. */
export const catalogueVersion = 1;

/** What one row is: an image, or findings at a grain. */
export type RowSubject = 'images' | Grain;

const findings = [...imageIdentity, ...vulnerabilityColumns, ...packageColumns, ...placeColumns, firstSeen];

const catalogue: Readonly<
  Record<RowSubject, { readonly standard: readonly ExportColumn[]; readonly more: readonly ExportColumn[] }>
> = {
  images: { standard: [...imageIdentity, ...imageFacts, ...imageCounts], more: [] },
  finding: { standard: findings, more: [...vulnerabilityFacts, ...packageFacts, ...imageFacts] },
  record: { standard: findings, more: [...vulnerabilityFacts, ...packageFacts, ...imageFacts] },
  vulnerability: { standard: [...vulnerabilityColumns, ...estateColumns], more: vulnerabilityFacts },
};

/** All columns that rows of a kind can have, those first that an export has unless it is told otherwise. */
export function columnsOf(subject: RowSubject): readonly ExportColumn[] {
  return [...catalogue[subject].standard, ...catalogue[subject].more];
}

/**
 * The columns of an export in order.
 * @returns the columns, or the first name that rows of this kind do not have or that is named twice
 */
export function selectColumns(
  subject: RowSubject,
  format: string,
  names: readonly string[] | undefined,
): { readonly columns: readonly ExportColumn[] } | { readonly unknown: string } {
  const own = format === 'huawei-zip' ? huaweiColumns : columnsOf(subject);
  if (names === undefined) return { columns: format === 'huawei-zip' ? huaweiColumns : catalogue[subject].standard };
  const left = new Map(own.map((column) => [column.name, column]));
  const columns: ExportColumn[] = [];
  for (const name of names) {
    const column = left.get(name);
    if (column === undefined) return { unknown: name };
    left.delete(name);
    columns.push(column);
  }
  return columns.length === 0 ? { unknown: '' } : { columns };
}
