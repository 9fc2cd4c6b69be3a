/** What an operation is tried with: query as lines, body as JSON. */
export interface HuaweiExample {
  readonly query?: string;
  readonly body?: unknown;
}

const all = { operate_all: true };
const handling = {
  ...{ image_type: 'registry', type: 'linux_vul', operate_type: 'ignore', select_type: 'vul_view' },
  vul_data_list: [{ vul_id: 'CVE-2024-0001', image_id_list: [] }],
  remark: '',
};
const page = 'offset=0\nlimit=10';

/** Examples by operation; a GET without one has only paging. */
export const huaweiExamples: Readonly<Record<string, HuaweiExample>> = {
  BatchExportLocalVulTask: { query: 'export_size=1000', body: all },
  ListQueryExportTask: { query: '' },
  ShowExportTask: { query: '' },
  ShowLatestExportTaskByType: { query: 'task_id=' },
  ListDownloadExportedFile: { query: '' },
  ListGeneralImageVuls: { query: `type=linux_vul\nhandle_status=unhandled\nimage_type=registry\n${page}` },
  ListVulAffectImages: { query: `is_handled=false\nvul_id=\ntype=linux_vul\nimage_type=registry\n${page}` },
  HandleImageVulnerability: { body: handling },
  BatchScanLocalImage: { body: all },
  ListImageAssetStatistics: { query: '' },
};

/** What to begin with. */
export function huaweiExampleOf({ name, method, path }: { name: string; method: string; path: string }): {
  readonly query: string;
  readonly body: string;
} {
  const known = huaweiExamples[name];
  const whitelist = path.includes('/whitelists') ? 'global_image_type=registry\ntype=vulnerability\n' : '';
  const query = known?.query ?? `${whitelist}${method === 'GET' ? page : ''}`.trim();
  const body = known?.body ?? (method === 'GET' ? undefined : {});
  return { query, body: body === undefined ? '' : JSON.stringify(body, null, 2) };
}
