import { action } from '../action.ts';
import { document, required, text } from '../schema/parameter.ts';
import { announcedImages } from '../views/announced-images.ts';
import { refusing } from '../views/refusing.ts';
import { startedTask } from '../views/scan-task.ts';

/** Adds images of known registries to the inventory and scans them. */
export const publicSyncAndCreateImageScanTask = action({
  name: 'PublicSyncAndCreateImageScanTask',
  level: 'write',
  tier: 1,
  summary: 'adds named images to the inventory and scans them',
  parameters: { Images: required(document()), SourceIp: text() },
  run: async (input, { services, call }) => {
    const uuids = await refusing('Images', services.registries.announce(call, announcedImages(input.Images)));
    const task = await services.scans.start(call, { uuids, source: 'openapi', force: true });
    return startedTask(task);
  },
});
