import type { FindingView, ImageView, Page, PageRequest } from '../../../service/index.ts';
import type { ActionContext } from '../action.ts';
import { imagesByUuid } from './images-by-uuid.ts';
import { type Selection, selectedPage } from './selection.ts';

/** A page of records that are selected, with the images that they belong to, by uuid. */
export async function findingRecords(
  selection: Selection,
  request: PageRequest,
  { services, call }: Pick<ActionContext, 'services' | 'call'>,
): Promise<{ readonly page: Page<FindingView>; readonly images: ReadonlyMap<string, ImageView> }> {
  const page = await selectedPage(selection, (filter) =>
    services.findings.page(call, { ...filter, grain: 'record', page: request }),
  );
  const uuids = page.rows.map(({ imageUuid }) => imageUuid);
  return { page, images: await imagesByUuid(uuids, { services, call }) };
}
