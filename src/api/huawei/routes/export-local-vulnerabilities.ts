import type { Filter } from '../../../findings/index.ts';
import type { HuaweiRoute, RouteCall } from '../contract.ts';
import { invalidParameter } from '../errors.ts';
import type { BodyInput } from '../input/body.ts';
import {
  allOf,
  handledFilter,
  imageCriteria,
  imagesFilter,
  scanStatusWords,
  typeFilter,
  vulnerabilitiesFilter,
  vulTypes,
} from '../input/criteria.ts';

const maxSize = 2_147_483_647;
const maxImages = 100_000;
const maxVulnerabilities = 100_000;

/** BatchExportLocalVulTask: orders the export of vulnerabilities of images (huawei.md §2). */
export const exportLocalVulnerabilities: HuaweiRoute = {
  method: 'POST',
  path: '/image/local-vulnerability/export',
  operation: 'BatchExportLocalVulTask',
  action: 'hss:vuls:list',
  scope: 'list',
  writes: true,
  handle: async (call) => {
    const size = call.query.need('export_size', call.query.integer('export_size', 0, maxSize));
    const filter = selection(call.body);
    const language = /^zh\b/i.test(call.header('x-language') ?? call.header('accept-language') ?? '') ? 'zh' : 'en';
    const job = await call.services.exports.order(call.call, {
      subject: 'findings',
      grain: 'finding',
      format: 'huawei-zip',
      ...(filter === undefined ? {} : { filter }),
      sort: { by: 'image', descending: false },
      limit: size,
      bom: true,
      language,
      fileName: `hss-vul-vul-${language}-${digits(call)}.zip`,
      request: { facade: 'huawei', projectId: call.projectId, exportSize: size, filters: filtersOf(call.body) },
    });
    return { record_total_num: job.rowsTotal, task_id: job.id };
  },
};

function selection(body: BodyInput): Filter | undefined {
  const all = body.flag('operate_all') ?? false;
  const images = body.texts('image_id_list', maxImages) ?? [];
  const vulnerabilities = body.texts('vul_id_list', maxVulnerabilities, { min: 1, max: 1024 }) ?? [];
  if (!all && images.length === 0 && vulnerabilities.length === 0) throw invalidParameter('operate_all');
  const status = body.word('handle_status', ['unhandled', 'handled']);
  return allOf([
    images.length === 0 ? undefined : imagesFilter(images),
    vulnerabilities.length === 0 ? undefined : vulnerabilitiesFilter(vulnerabilities),
    typeFilter(body.word('vul_type', vulTypes)),
    handledFilter(status === undefined ? undefined : status === 'handled'),
    imageCriteria(body, { scanStatus: scanStatusWords, maxName: 65_535 }),
  ]);
}

const filterNames = [
  'operate_all',
  'vul_type',
  'handle_status',
  'scan_status',
  'image_name',
  'image_version',
  'image_size',
  'start_latest_update_time',
  'end_latest_update_time',
  'start_latest_scan_time',
  'end_latest_scan_time',
  'has_container',
  'image_id_list',
  'vul_id_list',
] as const;

/** The filters as asked, for the manifest. */
function filtersOf(body: BodyInput): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    filterNames.map((name) => [name, body.raw(name)]).filter(([, value]) => value !== undefined),
  );
}

/** `yyyyMMddHHmmss` of the call in UTC, as in the vendor's sample. */
function digits({ clock }: RouteCall): string {
  return clock.now().toISOString().replace(/\D/g, '').slice(0, 14);
}
