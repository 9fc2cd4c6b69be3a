import { createBaseline } from './baseline/detector.ts';
import type { Detector } from './contract.ts';
import { createMalware } from './malware/detector.ts';
import type { DetectorOptions } from './options.ts';
import { createSecrets } from './secrets/detector.ts';

/**
 * The detectors of a scan, in the order in which they run: later ones see what earlier ones found. Plugged in here and
 * nowhere else.
 */
export async function createDetectors(options: DetectorOptions): Promise<readonly Detector[]> {
  const { asked, policy } = options;
  return [
    ...(asked.has('secret') ? [createSecrets(options)] : []),
    ...(asked.has('malware') ? [await createMalware(options)] : []),
    ...(asked.has('baseline') ? [createBaseline(policy, asked)] : []),
  ];
}
