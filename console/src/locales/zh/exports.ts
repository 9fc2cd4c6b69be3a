import type { exports as original } from '../en/exports.ts';
import type { Same } from '../same.ts';

export const exports: Same<typeof original> = {
  ordered: '正在写入导出文件，完成后会自动开始下载。',
  open: '导出',
  format: { csv: 'CSV', xlsx: 'Excel (XLSX)', jsonl: 'JSON Lines', 'huawei-zip': 'ZIP（华为）' },
};
