import type { FindingView, FixOrder, ImageView } from '../../../service/index.ts';
import type { ActionContext } from '../action.ts';
import { type FixTarget, wrongInfo } from './fix-info.ts';
import { isFixable } from './vulnerability-record.ts';

/** Ids that are looked up at a time. */
const chunk = 10_000;

/**
 * Orders for all targets of a call. Every id must be an open, fixable finding of exactly that image; ids of others and ids
 * that never were look alike. Targets that ask for the same twice become one.
 * @throws RpcError `InvalidInfo`
 */
export async function fixOrders(
  targets: readonly FixTarget[],
  images: readonly ImageView[],
  context: Pick<ActionContext, 'services' | 'call'>,
): Promise<readonly FixOrder[]> {
  const records = await recordsOf(new Set(targets.flatMap(({ ids }) => ids)), context);
  const orders = new Map<string, FixOrder>();
  const newTags = new Map<string, string>();
  for (const [index, { ids, newTag }] of targets.entries()) {
    const image = images[index];
    if (image === undefined || !ids.every((id) => mayFix(records.get(id), image))) throw wrongInfo();
    const work = JSON.stringify([image.uuid, newTag, ids]);
    if (newTag !== undefined) {
      // Two results cannot have one name.
      const name = `${image.repository.id}:${newTag}`;
      if ((newTags.get(name) ?? work) !== work) throw wrongInfo();
      newTags.set(name, work);
    }
    orders.set(work, {
      imageUuid: image.uuid,
      select: { records: ids },
      strategy: 'all-or-nothing',
      ...(newTag === undefined ? {} : { newTag }),
    });
  }
  return [...orders.values()];
}

function mayFix(record: FindingView | undefined, image: ImageView): boolean {
  return record !== undefined && record.imageUuid === image.uuid && record.handled === null && isFixable(record);
}

async function recordsOf(
  ids: ReadonlySet<number>,
  { services, call }: Pick<ActionContext, 'services' | 'call'>,
): Promise<ReadonlyMap<number, FindingView>> {
  const all = [...ids];
  const records = new Map<number, FindingView>();
  for (let start = 0; start < all.length; start += chunk) {
    for (const record of await services.findings.records(call, all.slice(start, start + chunk))) {
      records.set(record.recordId, record);
    }
  }
  return records;
}
