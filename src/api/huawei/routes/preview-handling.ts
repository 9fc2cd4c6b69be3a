import type { Filter } from '../../../findings/index.ts';
import type { HuaweiRoute, RouteCall } from '../contract.ts';
import { allOf, nameFilter } from '../input/criteria.ts';
import { handlingFilter, handlingInput } from '../input/handling.ts';
import { pageOf } from '../input/page.ts';

/** Records up to which images are counted one by one. */
const maxCounted = 20_000;

/** What a request to handle vulnerabilities would touch; nothing is stored. */
export const previewHandling: HuaweiRoute = {
  method: 'POST',
  path: '/image/vulnerability/handle-affect-vulnerabilities',
  operation: 'ListHandleAffectVulnerabilities',
  action: 'hss:vuls:list',
  scope: 'list',
  writes: false,
  handle: async (call) => {
    const { query, services } = call;
    const page = pageOf(query, true);
    const name = query.text('image_name', { max: 256 });
    const vulnerability = query.text('vul_name', { max: 256 });
    const filter = allOf([
      handlingFilter(handlingInput(call.body)),
      nameFilter(name),
      vulnerability === undefined ? undefined : { field: 'vuln.title', op: 'contains', values: [vulnerability] },
    ]);
    const given = filter === undefined ? {} : { filter };
    const found = await services.findings.page(call.call, { grain: 'record', ...given, page });
    const images = await services.images.byUuids(call.call, [...new Set(found.rows.map((row) => row.imageUuid))]);
    const names = new Map(images.map((image) => [image.uuid, image.repository.path]));
    return {
      total_vul_num: found.total,
      vul_num: await services.findings.count(call.call, filter, 'vulnerability'),
      image_num: await countImages(call, filter),
      data_list: found.rows.map((row) => ({
        image_id: row.imageUuid,
        image_name: names.get(row.imageUuid) ?? '',
        vul_id: row.vulnerability.key,
        vul_name: row.vulnerability.title,
      })),
    };
  },
};

/** Distinct images of the records; beyond the limit the number of images found so far. */
async function countImages({ call, services }: RouteCall, filter: Filter | undefined): Promise<number> {
  const images = new Set<string>();
  let after: string | null = null;
  for (let rows = 0; rows < maxCounted; ) {
    const page: Awaited<ReturnType<typeof services.findings.page>> = await services.findings.page(call, {
      grain: 'record',
      ...(filter === undefined ? {} : { filter }),
      page: { after, limit: 200 },
    });
    for (const { imageUuid } of page.rows) images.add(imageUuid);
    rows += page.rows.length;
    after = page.next;
    if (after === null) break;
  }
  return images.size;
}
