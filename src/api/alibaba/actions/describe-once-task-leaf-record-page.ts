import type { ScanState } from '../../../inventory/index.ts';
import type { Page } from '../../../service/index.ts';
import { type ActionContext, action } from '../action.ts';
import { invalid } from '../errors.ts';
import { emptyPage, pageInfo, pageRequest, paging } from '../schema/paging.ts';
import { choice, flag, type Input, list, required, text, whole } from '../schema/parameter.ts';
import { imagesByUuid } from '../views/images-by-uuid.ts';
import { imageScan, recordStates, registryPull } from '../views/scan-task.ts';
import { scanCosts, scanRecord, syncRecord, taskImageInfo } from '../views/task-record.ts';

const parameters = {
  ...paging(20),
  EndTime: whole(),
  RelateInfo: required(flag()),
  Source: text(64),
  StartTime: whole(),
  StatusList: list(),
  TaskId: text(128),
  TaskType: required(choice(imageScan, registryPull)),
};

/** Images of scan tasks, and synchronisations, with their progress. */
export const describeOnceTaskLeafRecordPage = action({
  name: 'DescribeOnceTaskLeafRecordPage',
  level: 'read',
  tier: 1,
  summary: 'pages through the images of scan tasks',
  parameters,
  run: async (input, context) => {
    const page = await (input.TaskType === imageScan ? scans(input, context) : syncs(input, context));
    // Numbers of a record are texts here and numbers in ListUnfinishedOnceTask.
    const texts = ({ FinishCount, Status, TotalCount, ...record }: Readonly<Record<string, unknown>>): object => ({
      ...record,
      FinishCount: String(FinishCount),
      Status: String(Status),
      TotalCount: String(TotalCount),
    });
    return { OnceTasks: page.rows.map(texts), PageInfo: pageInfo(input, page) };
  },
});

type Records = Page<Readonly<Record<string, unknown>>>;

async function scans(input: Input<typeof parameters>, { services, call, settings }: ActionContext): Promise<Records> {
  const states = statesOf(input.StatusList);
  const request = pageRequest(input);
  if (states?.length === 0) return emptyPage;
  const page = await services.scans.items(call, {
    ...(states === undefined ? {} : { states }),
    ...(input.TaskId === undefined ? {} : { taskId: input.TaskId }),
    ...timesAndSource(input),
    page: request,
  });
  const shown = input.RelateInfo ? page.rows.map((item) => item.imageUuid) : [];
  const images = await imagesByUuid(shown, { services, call });
  const rows = page.rows.map((item) => {
    const image = images.get(item.imageUuid);
    const info = taskImageInfo(image);
    const whole = info === undefined ? undefined : { ...info, ...scanCosts(image, item, settings.timeZone) };
    return { ...scanRecord(item), TaskImageInfo: whole };
  });
  return { ...page, rows };
}

async function syncs(input: Input<typeof parameters>, { services, call }: ActionContext): Promise<Records> {
  const page = await services.scans.page(call, {
    kind: 'registry_sync',
    ...(input.TaskId === undefined ? {} : { id: input.TaskId }),
    ...timesAndSource(input),
    page: pageRequest(input),
  });
  return { ...page, rows: page.rows.map(syncRecord) };
}

function timesAndSource(input: Input<typeof parameters>): { from?: number; to?: number; source?: string } {
  return {
    ...(input.StartTime === undefined ? {} : { from: input.StartTime }),
    ...(input.EndTime === undefined ? {} : { to: input.EndTime }),
    ...(input.Source === undefined ? {} : { source: input.Source }),
  };
}

/** States by number or by text; undefined = all. @throws RpcError `InvalidStatusList` */
function statesOf(list: readonly string[] | undefined): readonly ScanState[] | undefined {
  return list?.flatMap((wanted) => {
    const found = recordStates.find(({ number, text }) => String(number) === wanted || text === wanted.toUpperCase());
    if (found === undefined) throw invalid('StatusList');
    return found.states;
  });
}
