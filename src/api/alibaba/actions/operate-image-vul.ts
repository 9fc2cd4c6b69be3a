import { action } from '../action.ts';
import { maxJsonBytes } from '../protocol/strict-json.ts';
import { choice, required, text } from '../schema/parameter.ts';
import { fixImages } from '../views/fix-image.ts';
import { readFixInfo } from '../views/fix-info.ts';
import { fixOrders } from '../views/fix-order.ts';
import { refusing } from '../views/refusing.ts';

/** Header of the answer with the ids of the tasks, since the body has no place for them. */
export const taskIdsHeader = 'X-Drydock-Build-Task-Ids';

/**
 * Orders patched copies of images: one task each, all of them or none. Repeating a call that runs or has succeeded answers
 * alike and starts nothing.
 */
export const operateImageVul = action({
  name: 'OperateImageVul',
  level: 'write',
  tier: 0,
  summary: 'fixes findings of images: one task per image, stored whole or not at all',
  parameters: {
    Info: required(text(maxJsonBytes)),
    OperateType: choice('vul_fix'),
    Type: choice('cve'),
  },
  run: async (input, context) => {
    const targets = readFixInfo(input.Info);
    const images = await fixImages(targets, context);
    const orders = await fixOrders(targets, images, context);
    const tasks = await refusing('Info', context.services.fixes.order(context.call, orders, 'alibaba'));
    context.header(taskIdsHeader, tasks.map(({ id }) => id).join(','));
    return {};
  },
});
