import type { Filter } from '../../../findings/index.ts';
import type { FindingView, ImageView } from '../../../service/index.ts';
import type { HuaweiRoute } from '../contract.ts';
import {
  allOf,
  handledFilter,
  imagesFilter,
  imageTypeFilter,
  levelFilter,
  nameFilter,
  nothing,
  typeFilter,
  vulnerabilitiesFilter,
} from '../input/criteria.ts';
import { pageOf } from '../input/page.ts';
import type { QueryInput } from '../input/query.ts';
import { levelOf } from '../views/vulnerability.ts';
import { imageTypes, statusFlag } from './list-image-vulnerabilities.ts';

/** ListVulAffectImages: the images of one vulnerability. */
export const listAffectedImages: HuaweiRoute = {
  method: 'GET',
  path: '/vulnerability/images',
  operation: 'ListVulAffectImages',
  action: 'hss:vuls:list',
  scope: 'list',
  writes: false,
  handle: async ({ call, query, services }) => {
    const imageType = query.need('image_type', query.word('image_type', imageTypes));
    const filter = selection(query, imageType);
    const page = pageOf(query);
    const found = await services.findings.page(call, {
      grain: 'record',
      ...(filter === undefined ? {} : { filter }),
      sort: { by: 'image', descending: false },
      page,
    });
    const images = await services.images.byUuids(
      call,
      found.rows.map(({ imageUuid }) => imageUuid),
    );
    const byUuid = new Map(images.map((image) => [image.uuid, image]));
    return {
      total_num: found.total,
      data_list: found.rows.map((row) => item(row, byUuid.get(row.imageUuid), imageType)),
    };
  },
};

function selection(query: QueryInput, imageType: (typeof imageTypes)[number]): Filter | undefined {
  const handled = query.need('is_handled', query.flag('is_handled'));
  const id = query.need('vul_id', query.text('vul_id', { min: 1, max: 256 }));
  const type = query.need('type', query.word('type', ['app_vul', 'linux_vul', 'urgent_vul']));
  const image = query.text('image_id', { max: 256 });
  const name = query.text('image_name', { max: 256 });
  const registry = query.text('registry_name', { max: 256 });
  const registryType = query.text('registry_type', { max: 64 });
  return allOf([
    vulnerabilitiesFilter([id]),
    handledFilter(handled),
    type === 'urgent_vul' ? { field: 'vuln.kev', op: 'is', value: true } : typeFilter(type),
    imageTypeFilter(imageType),
    levelFilter(query.word('repair_necessity', ['Low', 'Medium', 'High', 'Critical'])),
    image === undefined ? undefined : imagesFilter([image]),
    nameFilter(name),
    registry === undefined ? undefined : { field: 'registry.name', op: 'contains', values: [registry] },
    registryType === undefined ? undefined : registryTypeFilter(registryType),
    handledFilter(statusFlag(query)),
    query.text('cluster_id', { max: 256 }) === undefined ? undefined : nothing,
  ]);
}

function registryTypeFilter(word: string): Filter {
  if (word === 'Harbor') return { field: 'registry.kind', op: 'in', values: ['harbor'] };
  return word === 'Other' ? { field: 'registry.kind', op: 'in', values: ['oci', 'static'] } : nothing;
}

function item(record: FindingView, image: ImageView | undefined, imageType: string): object {
  return {
    image_id: record.imageUuid,
    image_name: image?.repository.path ?? '',
    vul_id: record.vulnerability.key,
    repair_necessity: levelOf(record.vulnerability),
    container_num: 0,
    image_digest: image?.digest ?? '',
    image_version: image?.tag ?? '',
    agent_id: '',
    status: record.handled === null ? 'vul_status_unfix' : 'vul_status_ignored',
    first_scan_time: String(record.firstSeen),
    latest_scan_time: String(image?.scan.at ?? record.lastSeen),
    image_type: imageType === 'registry' ? 'registry' : 'local_image',
    image_size: String(image?.size ?? 0),
    organization: image?.repository.namespace ?? '',
    registry_type: image?.registry.kind === 'harbor' ? 'Harbor' : 'Other',
    registry_name: image?.registry.name ?? '',
    is_multi_arch: String((image?.indexDigest ?? null) !== null),
    cluster_id: '',
    cluster_name: '',
  };
}
