import type { Filter } from '../../../findings/index.ts';
import type { HuaweiRoute, RouteCall } from '../contract.ts';
import { invalidParameter, serviceRefusal } from '../errors.ts';
import type { BodyInput } from '../input/body.ts';
import { allOf, hostCriteria, imageCriteria, localTypeFilter, nothing } from '../input/criteria.ts';

const maxImages = 10_000;
const scanStatus = ['unscan', 'success', 'scanning', 'failed', 'download_failed', 'image_oversized'] as const;
const hostNames = [
  'host_id',
  'host_name',
  'public_ip',
  'private_ip',
  'cluster_id',
  'container_id',
  'container_name',
  'pod_id',
  'pod_name',
] as const;

/** BatchScanLocalImage: scans the images named, or all that match. */
export const batchScan: HuaweiRoute = {
  method: 'POST',
  path: '/image/local/batch-scan',
  operation: 'BatchScanLocalImage',
  action: 'hss:images:operate',
  scope: 'list',
  writes: true,
  handle: async (call) => {
    const { body } = call;
    const filter = allOf([imageCriteria(body, { scanStatus, maxName: 65_535 }), localTypeFilter(body)]);
    if (body.flag('operate_all') === true) await start(call, filter, undefined);
    else await start(call, undefined, await named(call, body.objects('image_info_list', maxImages)));
    return {};
  },
};

/** Starts a scan task over images of either kind. */
export const startScanTask: HuaweiRoute = {
  method: 'POST',
  path: '/image/image-scan/tasks',
  operation: 'CreateImageScanTask',
  action: 'hss:images:operate',
  scope: 'list',
  writes: true,
  handle: async (call) => {
    const { body, query } = call;
    query.word('global_image_type', ['local', 'registry']);
    const scope = body.integer('scan_scope', 0, 0x7fffffff);
    body.integer('rate_limit', 0, 1000);
    const info = body.object('query_info');
    const filter = taskFilter(info);
    const all = body.flag('is_all') === true;
    const images = all ? undefined : await named(call, body.objects('image_info', maxImages));
    if (scope !== 0) await start(call, all ? filter : undefined, images);
    return {};
  },
};

function taskFilter(info: BodyInput): Filter | undefined {
  const hasVul = info.flag('has_vul');
  const namespace = info.text('namespace', { max: 256 });
  const app = info.text('app_name', { max: 256 });
  const type = info.text('image_type', { max: 64 });
  return allOf([
    imageCriteria(info, { scanStatus: [...scanStatus, 'waiting_for_scan'], maxName: 65_535 }),
    localTypeFilter(info),
    hostCriteria(info, hostNames),
    hasVul === undefined ? undefined : { field: 'image.hasVuln', op: 'is', value: hasVul },
    namespace === undefined || namespace === ''
      ? undefined
      : { field: 'repository.namespace', op: 'in', values: [namespace] },
    app === undefined || app === '' ? undefined : { field: 'package.name', op: 'contains', values: [app] },
    type === undefined || type === '' ? undefined : imageKind(type),
  ]);
}

/** Kinds of registries in the words of the vendor. */
export function imageKind(type: string): Filter | undefined {
  if (type === 'local_image') return undefined;
  return type === 'harbor' ? { field: 'registry.kind', op: 'in', values: ['harbor'] } : nothing;
}

/** Uuids of images that a request names by id, or by digest with name and tag where they are given. */
async function named(call: RouteCall, entries: readonly BodyInput[] | undefined): Promise<readonly string[]> {
  if (entries === undefined || entries.length === 0) throw invalidParameter('the list of images');
  const ids: string[] = [];
  for (const entry of entries) {
    const id = entry.text('image_id', { max: 256 }) ?? '';
    if (id !== '') ids.push(id);
    else ids.push(...(await byDigest(call, entry)));
  }
  const uuids = [...new Set(ids)];
  const found = await call.services.images.byUuids(call.call, uuids);
  if (found.length < uuids.length) throw serviceRefusal('HSS.0011');
  return uuids;
}

async function byDigest({ call, services }: RouteCall, entry: BodyInput): Promise<readonly string[]> {
  const digest = entry.text('image_digest', { max: 256 }) ?? '';
  const name = entry.text('image_name', { max: 256 }) ?? '';
  const tag = entry.text('image_version', { max: 256 }) ?? '';
  if (digest === '') throw invalidParameter('image_id');
  const images = await services.images.byDigest(call, digest.includes(':') ? digest : `sha256:${digest}`, 1000);
  const fitting = images.filter(
    (image) => (name === '' || image.repository.path === name) && (tag === '' || image.tag === tag),
  );
  if (fitting.length === 0) throw serviceRefusal('HSS.0011');
  return fitting.map(({ uuid }) => uuid);
}

async function start(
  { call, services }: RouteCall,
  filter: Filter | undefined,
  uuids: readonly string[] | undefined,
): Promise<void> {
  const task = await services.scans.start(call, {
    ...(filter === undefined ? {} : { filter }),
    ...(uuids === undefined ? {} : { uuids }),
    source: 'openapi',
  });
  if (task === null) throw serviceRefusal('HSS.1002', 'Too many scan tasks are running.');
}
