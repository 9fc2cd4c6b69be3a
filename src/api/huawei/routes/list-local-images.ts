import type { HuaweiRoute } from '../contract.ts';
import { allOf, hostCriteria, imageCriteria, listedScanStatus, localTypeFilter } from '../input/criteria.ts';
import { pageOf } from '../input/page.ts';
import { imageItem } from '../views/image.ts';

const hostNames = ['host_name', 'host_id', 'host_ip', 'container_id', 'container_name', 'pod_id', 'pod_name'] as const;

/** ListImageLocal: the images of the inventory. */
export const listLocalImages: HuaweiRoute = {
  method: 'GET',
  path: '/image/local-repositories',
  operation: 'ListImageLocal',
  action: 'hss:images:list',
  scope: 'list',
  writes: false,
  handle: async ({ call, query, services }) => {
    const hasVul = query.flag('has_vul');
    const app = query.text('app_name', { max: 256 });
    const filter = allOf([
      imageCriteria(query, { scanStatus: listedScanStatus, maxName: 128 }),
      localTypeFilter(query),
      hostCriteria(query, hostNames),
      hasVul === undefined ? undefined : { field: 'image.hasVuln', op: 'is', value: hasVul },
      // An image that was not scanned is neither with nor without vulnerabilities.
      hasVul === undefined ? undefined : { field: 'image.scannedOnce', op: 'is', value: true },
      app === undefined ? undefined : { field: 'package.name', op: 'contains', values: [app] },
    ]);
    const page = pageOf(query);
    const found = await services.images.page(call, { ...(filter === undefined ? {} : { filter }), sort: 'id', page });
    return { total_num: found.total, data_list: found.rows.map(imageItem) };
  },
};
