import { huaweiUrl } from '../../../exports/index.ts';
import type { VulnerabilityView } from '../../../service/index.ts';
import type { HuaweiRoute } from '../contract.ts';
import {
  allOf,
  cveFilter,
  handledFilter,
  imageTypeFilter,
  levelFilter,
  nothing,
  typeFilter,
  vulnerabilitiesFilter,
  vulTypes,
} from '../input/criteria.ts';
import { pageOf } from '../input/page.ts';
import type { QueryInput } from '../input/query.ts';
import { adviceOf, cveList, levelOf, vulTypeOf } from '../views/vulnerability.ts';

/** Kinds of images that views of vulnerabilities know. */
export const imageTypes = ['local', 'registry', 'cicd', 'cluster'] as const;

/** `vul_status_unfix` and `vul_status_ignored` as handled or not. */
export function statusFlag(query: QueryInput): boolean | undefined {
  const word = query.word('status', ['vul_status_unfix', 'vul_status_ignored']);
  return word === undefined ? undefined : word === 'vul_status_ignored';
}

/** ListGeneralImageVuls: vulnerabilities with the number of their images. */
export const listImageVulnerabilities: HuaweiRoute = {
  method: 'GET',
  path: '/images/vulnerabilities',
  operation: 'ListGeneralImageVuls',
  action: 'hss:vuls:list',
  scope: 'list',
  writes: false,
  handle: async ({ call, query, services }) => {
    const type = query.need('type', query.word('type', vulTypes));
    const handled = query.need('handle_status', query.word('handle_status', ['unhandled', 'handled'])) === 'handled';
    const imageType = query.need('image_type', query.word('image_type', imageTypes));
    const id = query.text('vul_id', { max: 256 });
    const name = query.text('vul_name', { max: 256 });
    const labels = query.list('label_list', 10, { max: 256 });
    const filter = allOf([
      typeFilter(type),
      handledFilter(handled),
      imageTypeFilter(imageType),
      levelFilter(query.word('severity_level', ['Critical', 'High', 'Medium', 'Low'])),
      id === undefined ? undefined : vulnerabilitiesFilter([id]),
      name === undefined ? undefined : { field: 'vuln.title', op: 'contains', values: [name] },
      cveFilter(query.text('cve_id', { max: 256 })),
      labels.length === 0 ? undefined : nothing,
      handledFilter(statusFlag(query)),
      query.text('cluster_id', { max: 256 }) === undefined ? undefined : nothing,
    ]);
    const page = pageOf(query);
    const found = await services.findings.vulnerabilities(call, { ...(filter === undefined ? {} : { filter }), page });
    return { total_num: found.total, data_list: found.rows.map((row) => item(row, imageType)) };
  },
};

function item(view: VulnerabilityView, imageType: string): object {
  return {
    vul_name: view.title,
    vul_id: view.key,
    type: vulTypeOf(view),
    image_type: imageType,
    label_list: [],
    severity_level: levelOf(view),
    image_num: view.images,
    cve_list: cveList(view),
    max_cvss_score: view.cvss ?? 0,
    scan_time: view.lastSeen,
    description: view.title,
    url: huaweiUrl(view.id),
    solution_detail: adviceOf(view),
    cluster_num: 0,
  };
}
