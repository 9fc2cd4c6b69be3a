import type { FixTask, ImageView } from '../../../service/index.ts';
import { type ActionContext, action } from '../action.ts';
import { pageInfo, pageRequest, paging } from '../schema/paging.ts';
import { choice, whole } from '../schema/parameter.ts';
import { imagesByUuid } from '../views/images-by-uuid.ts';
import { formatTime } from '../views/time.ts';

/** Fix tasks of every trigger, newest first; both bounds hold for the start, inclusive. */
export const describeImageFixTask = action({
  name: 'DescribeImageFixTask',
  level: 'read',
  tier: 0,
  summary: 'pages through fix tasks, newest first',
  parameters: { StartTime: whole(), EndTime: whole(), Status: choice('1', '2', '3'), ...paging(20) },
  run: async (input, context) => {
    const { services, call, settings } = context;
    const statuses = allStatuses.filter((status) => stateOf(status, settings) === Number(input.Status));
    const page = await services.fixes.page(call, {
      ...(input.StartTime === undefined ? {} : { from: input.StartTime }),
      ...(input.EndTime === undefined ? {} : { to: input.EndTime }),
      ...(input.Status === undefined ? {} : { statuses }),
      page: pageRequest(input),
    });
    const images = await imagesByUuid(
      page.rows.map(({ imageUuid }) => imageUuid),
      context,
    );
    return {
      PageInfo: pageInfo(input, page),
      BuildTasks: page.rows.map((task) => taskFields(task, images.get(task.imageUuid), settings)),
    };
  },
});

const allStatuses: readonly FixTask['status'][] = ['running', 'success', 'partial', 'failed', 'cancelled'];

/** `1` running, `2` successful, `3` failed: only a result that was proven whole is successful, unless configured. */
function stateOf(status: FixTask['status'], { partialFixStatus }: ActionContext['settings']): 1 | 2 | 3 {
  if (status === 'running') return 1;
  if (status === 'partial') return partialFixStatus;
  return status === 'success' ? 2 : 3;
}

function taskFields(task: FixTask, image: ImageView | undefined, settings: ActionContext['settings']): object {
  return {
    BuildTaskId: task.id,
    TaskType: 'IMAGE_REPAIR',
    RepoNamespace: image?.repository.namespace,
    RepoName: image?.repository.name,
    RegionId: image?.registry.region,
    OldTag: image?.tag ?? undefined,
    OldUuid: task.imageUuid,
    NewTag: task.newTag,
    NewUuid: task.newImageUuid ?? undefined,
    // The published descriptions of the two times are swapped; the examples tell which is which.
    FixTime: formatTime(task.startedAt, settings.timeZone),
    FinishTime: task.finishedAt === null ? undefined : formatTime(task.finishedAt, settings.timeZone),
    Status: stateOf(task.status, settings),
    VulAlias: task.title,
  };
}
