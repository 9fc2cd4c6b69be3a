import type { ScanState } from '../../../inventory/index.ts';
import type { ScanTask } from '../../../service/index.ts';
import type { Body } from '../action.ts';

/** Name and type of image scans in all task operations. */
export const imageScan = 'IMAGE_SCAN';

/** Type of synchronisations of a registry. */
export const registryPull = 'IMAGE_REGISTRY_PULL';

/** Type of a task in this API. */
export function taskTypeOf(task: ScanTask): string {
  return task.kind === 'image_scan' ? imageScan : registryPull;
}

/** Percent of a task that is done. */
export function progressOf({ state, total, finished, failed }: ScanTask): number {
  if (state === 'finished' || state === 'cancelled') return 100;
  return total === 0 ? 0 : Math.min(99, Math.floor((100 * doneOf({ total, finished, failed })) / total));
}

/** Images of a task that have ended, one way or the other. */
export function doneOf({ total, finished, failed }: Pick<ScanTask, 'total' | 'finished' | 'failed'>): number {
  return Math.min(total, Math.max(finished, failed));
}

/** Whether a task ended without any result. */
export function hasFailed({ state, total, failed }: ScanTask): boolean {
  return state === 'cancelled' || (state === 'finished' && total > 0 && failed === total);
}

/** `Data` of the operations that start a scan. No task = the limit of tasks at a time is reached. */
export function startedTask(task: ScanTask | null): Body {
  if (task === null) return { Data: { CanCreate: false } };
  const ended = task.state === 'finished' || task.state === 'cancelled';
  return {
    Data: {
      CanCreate: true,
      CollectTime: task.createdAt,
      ExecTime: task.startedAt ?? task.createdAt,
      FinishCount: doneOf(task),
      Progress: progressOf(task),
      Result: 'SUCCESS',
      Status: ended ? (hasFailed(task) ? 'FAIL' : 'SUCCESS') : task.state === 'running' ? 'PRE_ANALYZER' : 'INIT',
      TaskId: task.id,
      TotalCount: task.total,
    },
  };
}

/** State of one image of a task: number, text, and the states of Drydock behind it. Timeouts are failures here. */
export const recordStates: readonly { number: number; text: string; states: readonly ScanState[] }[] = [
  { number: 0, text: 'INIT', states: ['never', 'queued'] },
  { number: 1, text: 'START', states: ['pulling', 'analysing'] },
  { number: 2, text: 'SUCCESS', states: ['matched', 'partial'] },
  { number: 3, text: 'FAIL', states: ['unsupported', 'too_large', 'failed', 'cancelled'] },
  { number: 4, text: 'TIMEOUT', states: [] },
];

/** Number and text of a scan state. */
export function recordState(state: ScanState): {
  readonly number: number;
  readonly text: string;
  readonly ended: boolean;
} {
  const found = recordStates.find(({ states }) => states.includes(state));
  return { number: found?.number ?? 0, text: found?.text ?? 'INIT', ended: (found?.number ?? 0) >= 2 };
}
