import { action } from '../action.ts';
import { choice, required, text } from '../schema/parameter.ts';
import { allRows } from '../views/all-pages.ts';
import { fullDigest } from '../views/digests.ts';
import { imagesByUuid } from '../views/images-by-uuid.ts';
import { imageScan, recordStates } from '../views/scan-task.ts';
import { scanRecord, taskImageInfo } from '../views/task-record.ts';

/** Images whose scan has not ended yet. */
export const listUnfinishedOnceTask = action({
  name: 'ListUnfinishedOnceTask',
  level: 'read',
  tier: 2,
  summary: 'lists images whose scan is under way',
  parameters: { Target: text(256), TaskType: required(choice(imageScan, 'ASSETS_COLLECTION')) },
  run: async (input, context) => {
    const { services, call } = context;
    const digest = input.Target === undefined ? undefined : fullDigest(input.Target);
    if (input.TaskType !== imageScan || (input.Target !== undefined && digest === undefined)) return { OnceTasks: [] };
    const states = recordStates.filter(({ number }) => number < 2).flatMap((state) => state.states);
    const items = await allRows((page) =>
      services.scans.items(call, { states, ...(digest === undefined ? {} : { digest }), page }),
    );
    const images = await imagesByUuid(
      items.map(({ imageUuid }) => imageUuid),
      context,
    );
    return {
      OnceTasks: items.map((item) => ({
        ...scanRecord(item),
        TaskImageInfo: taskImageInfo(images.get(item.imageUuid)),
      })),
    };
  },
});
