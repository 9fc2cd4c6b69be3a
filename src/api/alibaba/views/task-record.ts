import type { ImageView, ScanTask, ScanTaskItem } from '../../../service/index.ts';
import { hexDigest } from './digests.ts';
import { referenceOf } from './image.ts';
import { registryTypeOf } from './registry.ts';
import { imageScan, progressOf, recordState, taskTypeOf } from './scan-task.ts';
import { formatTime } from './time.ts';

/** One image of a scan task. Numbers of the task are texts in one operation and numbers in the other. */
export function scanRecord(item: ScanTaskItem): Readonly<Record<string, unknown>> {
  const { number, text, ended } = recordState(item.state);
  return {
    EndTime: item.finishedAt ?? undefined,
    Finish: ended ? 1 : 0,
    FinishCount: ended ? 1 : 0,
    Progress: ended ? 100 : item.progress,
    RealRunTime: item.startedAt ?? undefined,
    ResultInfo: item.reason?.code ?? (ended ? 'SUCCESS' : ''),
    StartTime: item.startedAt ?? undefined,
    Status: number,
    StatusText: text,
    Target: hexDigest(item.digest),
    TargetType: 'IMAGE',
    TaskId: item.taskId,
    TaskName: imageScan,
    TaskType: imageScan,
    TotalCount: 1,
  };
}

/** A synchronisation as one record. */
export function syncRecord(task: ScanTask): Readonly<Record<string, unknown>> {
  const ended = task.state === 'finished' || task.state === 'cancelled';
  return {
    EndTime: task.finishedAt ?? undefined,
    Finish: ended ? 1 : 0,
    FinishCount: task.finished,
    Progress: progressOf(task),
    RealRunTime: task.startedAt ?? undefined,
    ResultInfo: task.state === 'finished' ? 'SUCCESS' : '',
    StartTime: task.startedAt ?? task.createdAt,
    Status: { queued: 0, running: 1, finished: 2, cancelled: 3 }[task.state],
    StatusText: { queued: 'INIT', running: 'START', finished: 'SUCCESS', cancelled: 'FAIL' }[task.state],
    Target: task.name,
    TargetType: 'IMAGE_REPO',
    TaskId: task.id,
    TaskName: taskTypeOf(task),
    TaskType: taskTypeOf(task),
    TotalCount: task.total,
  };
}

/** `TaskImageInfo` of a record; fields of running containers are empty for images of a registry. */
export function taskImageInfo(image: ImageView | undefined): Readonly<Record<string, unknown>> | undefined {
  if (image === undefined) return undefined;
  const { registry, repository } = image;
  return {
    AppName: '',
    ClusterId: '',
    ClusterName: '',
    Digest: hexDigest(image.digest),
    Image: referenceOf(image),
    NodeInstanceId: '',
    NodeIp: '',
    NodeName: '',
    Pod: '',
    RegionId: registry.region,
    RepoId: repository.extId,
    RepoName: repository.name,
    RepoNamespace: repository.namespace,
    RepoRegionId: registry.region,
    Tag: image.tag ?? '',
  };
}

/** What `DescribeOnceTaskLeafRecordPage` tells of the image besides: the type of its registry, and when analysis ended. */
export function scanCosts(
  image: ImageView | undefined,
  item: ScanTaskItem,
  timeZone: string,
): Readonly<Record<string, unknown>> {
  const at = item.finishedAt === null ? undefined : formatTime(item.finishedAt, timeZone);
  return {
    CostTimeInfo: JSON.stringify(at === undefined ? {} : { vul: at, scaVul: at }),
    RegistryType: image === undefined ? undefined : registryTypeOf(image.registry),
  };
}
