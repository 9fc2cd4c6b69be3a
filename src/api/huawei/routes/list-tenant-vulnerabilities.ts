import { huaweiUrl } from '../../../exports/index.ts';
import type { VulnerabilityView } from '../../../service/index.ts';
import type { HuaweiRoute } from '../contract.ts';
import { allOf, typeFilter, vulTypes } from '../input/criteria.ts';
import { pageOf } from '../input/page.ts';
import { adviceOf, cveList, priorityOf, repairNecessity, repairWords } from '../views/vulnerability.ts';

/** ListImageVulnerabilities over all images: one row a vulnerability, with the numbers of its findings. */
export const listTenantVulnerabilities: HuaweiRoute = {
  method: 'GET',
  path: '/image/vulnerabilities',
  operation: 'ListImageVulnerabilities',
  action: 'hss:vuls:list',
  scope: 'list',
  writes: false,
  handle: async ({ call, query, services }) => {
    const page = pageOf(query, true);
    const necessity = query.word('repair_necessity', repairWords);
    const id = query.text('vul_id', { max: 256 });
    const filter = allOf([
      typeFilter(query.word('type', vulTypes)),
      necessity === undefined ? undefined : { field: 'priority', op: 'in', values: [priorityOf(necessity)] },
      id === undefined
        ? undefined
        : {
            or: [
              { field: 'vuln.key', op: 'contains', values: [id] },
              { field: 'vuln.id', op: 'contains', values: [id] },
            ],
          },
    ]);
    const found = await services.findings.vulnerabilities(call, { ...(filter === undefined ? {} : { filter }), page });
    return { total_num: found.total, data_list: found.rows.map(item) };
  },
};

function item(view: VulnerabilityView): object {
  return {
    vul_name: view.title,
    vul_id: view.key,
    repair_necessity: repairNecessity(view.priority),
    // The misspelt name is the vendor's; both are read by clients.
    decription: view.title,
    description: view.title,
    solution: adviceOf(view),
    url: huaweiUrl(view.id),
    history_number: view.openFindings + view.handledFindings,
    undeal_number: view.openFindings,
    data_list: cveList(view).map(({ cve_id, cvss }) => ({
      cve_id,
      cvss_score: cvss,
      publish_time: 0,
      description: view.title,
    })),
  };
}
