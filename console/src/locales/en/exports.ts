/** Exports. */
export const exports = {
  ordered: 'The export is being written; the download starts by itself.',
  open: 'Exports',
  format: { csv: 'CSV', xlsx: 'Excel (XLSX)', jsonl: 'JSON Lines', 'huawei-zip': 'ZIP (Huawei)' },
} as const;
