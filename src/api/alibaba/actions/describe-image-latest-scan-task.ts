import { action } from '../action.ts';
import { required, text } from '../schema/parameter.ts';
import { fullDigest, hexDigest } from '../views/digests.ts';
import { doneOf, hasFailed, imageScan } from '../views/scan-task.ts';
import { formatTime } from '../views/time.ts';

/** The newest scan task of an image, by digest. */
export const describeImageLatestScanTask = action({
  name: 'DescribeImageLatestScanTask',
  level: 'read',
  tier: 1,
  summary: 'tells the newest scan task of a digest',
  parameters: { Digest: required(text()) },
  run: async (input, { services, call, settings }) => {
    const digest = fullDigest(input.Digest);
    const task = digest === undefined ? null : await services.scans.latestOf(call, digest);
    if (task === null || digest === undefined) return { Task: [] };
    const status = { queued: 'START', running: 'PROCESSING', finished: 'SUCCESS', cancelled: 'FAIL' }[task.state];
    return {
      Task: [
        {
          Create: formatTime(task.createdAt, settings.timeZone),
          Finish: doneOf(task),
          FinishTime: task.finishedAt ?? undefined,
          Id: task.number,
          Modified: formatTime(task.updatedAt, settings.timeZone),
          Name: imageScan,
          Source: task.source,
          StartTime: task.startedAt ?? task.createdAt,
          Status: hasFailed(task) ? 'FAIL' : status,
          Target: hexDigest(digest),
          TargetType: 'IMAGE',
          TaskId: task.id,
          TaskType: imageScan,
        },
      ],
    };
  },
});
