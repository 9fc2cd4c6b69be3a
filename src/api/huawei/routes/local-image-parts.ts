import type { HuaweiRoute } from '../contract.ts';
import { serviceRefusal } from '../errors.ts';
import { pageOf } from '../input/page.ts';

/** Packages of one image. */
export const listLocalApps: HuaweiRoute = {
  method: 'GET',
  path: '/image/local/apps',
  operation: 'ListImageLocalApp',
  action: 'hss:images:list',
  scope: 'list',
  writes: false,
  handle: async ({ call, query, services }) => {
    const id = query.need('image_id', query.text('image_id', { min: 1, max: 256 }));
    const name = query.text('app_name', { max: 256 });
    const page = pageOf(query);
    if ((await services.images.byUuids(call, [id])).length === 0) throw serviceRefusal('HSS.0011');
    const found = await services.findings.packages(call, id, { ...(name === undefined ? {} : { name }), page });
    return {
      total_num: found.total,
      data_list: found.rows.map((row) => ({
        app_name: row.name,
        app_type: row.type,
        app_version: row.version,
        vul_num: row.findings,
      })),
    };
  },
};

const empty = { total_num: 0, data_list: [] } as const;

/** Containers that run an image: none is known, since no server reports to Drydock. */
export const listLocalContainers: HuaweiRoute = {
  method: 'GET',
  path: '/image/local/containers',
  operation: 'ListImageLocalContainer',
  action: 'hss:containers:list',
  scope: 'list',
  writes: false,
  handle: async ({ query }) => {
    pageOf(query);
    return empty;
  },
};

/** Servers that hold an image: none is known. */
export const listLocalHosts: HuaweiRoute = {
  ...listLocalContainers,
  path: '/image/local/hosts',
  operation: 'ListImageLocalHost',
};
