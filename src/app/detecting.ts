import { availableParallelism } from 'node:os';
import { openVisitorThread } from '../adapters/threads/index.ts';
import type { Detector } from '../detectors/index.ts';
import type { VisitorThread } from '../scan/index.ts';
import { detectorSource, type ScannerChoice } from './detector-wiring.ts';
import type { Settings } from './settings.ts';

/** What the thread is told, so that it makes the same detectors. */
export interface ThreadData {
  readonly settings: Settings;
  readonly secret: Uint8Array | undefined;
  readonly choice: ScannerChoice;
}

/** The detectors of scans, with a thread for those of their visitors that have much to do. */
export interface Detecting {
  of(choice: ScannerChoice): Promise<{ readonly detectors: readonly Detector[]; readonly thread?: VisitorThread }>;
  close(): Promise<void>;
}

/** The sources run as they are, and compiled. */
const module = new URL(
  import.meta.url.endsWith('.ts') ? './detector-thread.ts' : './detector-thread.js',
  import.meta.url,
);

/** @param secret see `detectorSource`. */
export function openDetecting(settings: Settings, secret?: Uint8Array): Detecting {
  const source = detectorSource(settings, secret);
  const known = new Map<string, ReturnType<typeof open>>();
  const open = async (choice: ScannerChoice) => {
    const detectors = await source(choice);
    const heavy = detectors.flatMap(({ analyses }) => analyses.filter((analysis) => analysis.heavy === true));
    if (heavy.length === 0 || availableParallelism() < 2) return { detectors };
    const thread = openVisitorThread({
      module,
      data: { settings, secret, choice } satisfies ThreadData,
      analyses: new Set(heavy.map(({ id }) => id)),
    });
    return { detectors, thread };
  };
  return {
    of(choice) {
      const key = JSON.stringify(choice);
      const opened = known.get(key) ?? open(choice);
      known.set(key, opened);
      return opened;
    },
    async close() {
      for (const opened of known.values()) {
        const { thread } = await opened.catch(() => ({ thread: undefined }));
        await thread?.close();
      }
      known.clear();
    },
  };
}
