import type { ScanState } from '../../../inventory/index.ts';
import type { ImageView } from '../../../service/index.ts';

/** Scan state of an image in the vocabulary V3. */
const scaStatus: Readonly<Record<ScanState, string>> = {
  never: 'INIT',
  queued: 'MESSAGE_SEND',
  pulling: 'DOWNLOAD',
  analysing: 'CVE_ANALYZER',
  matched: 'SUCCESS',
  partial: 'SUCCESS',
  unsupported: 'FAIL',
  too_large: 'FAIL',
  failed: 'FAIL',
  cancelled: 'FAIL',
};

/** Progress, result and state of an image's scan. */
export function scanFields({ scan, scanProgress }: ImageView): Readonly<Record<string, unknown>> {
  const running = scan.state === 'queued' || scan.state === 'pulling' || scan.state === 'analysing';
  const ended = !running && scan.state !== 'never';
  return {
    ScaStatus: scan.reason?.code === 'timeout' ? 'TIMEOUT' : scaStatus[scan.state],
    ScaProgress: scanProgress ?? (ended ? 100 : 0),
    ScaResult: scan.state === 'never' ? 'TASK_NOT_EXISTS' : undefined,
    LastScanTime: scan.at ?? undefined,
  };
}
