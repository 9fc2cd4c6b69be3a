import { availableParallelism } from 'node:os';
import { openVisitorThread } from '../adapters/threads/index.ts';
import type { Detector } from '../detectors/index.ts';
import type { VisitorThread } from '../scan/index.ts';
import { openDetectors, type ScannerChoice } from './detector-wiring.ts';
import type { Settings } from './settings.ts';

/** What the thread is told, so that it makes the same detectors. */
export interface ThreadData {
  readonly settings: Settings;
  readonly secret: Uint8Array | undefined;
  /** Without a policy: it decides at the end, where the walk is. */
  readonly choice: Pick<ScannerChoice, 'scanners' | 'secrets'>;
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

/** @param secret see `openDetectors`. */
export function openDetecting(settings: Settings, secret?: Uint8Array): Detecting {
  const source = openDetectors(settings, { secret });
  /** The one thread, with the analyses that it can do: other rules are another thread. */
  let open: { readonly key: string; readonly thread: ReturnType<typeof openVisitorThread> } | undefined;
  const closeThread = async () => {
    const closing = open?.thread;
    open = undefined;
    await closing?.close();
  };
  const threadFor = async ({ scanners, secrets }: ScannerChoice, analyses: ReadonlySet<string>) => {
    const key = [...analyses].join();
    while (open !== undefined) {
      if (open.key === key) return open.thread;
      await closeThread();
    }
    const asked = scanners.filter((name) => name !== 'baseline');
    const choice = { scanners: asked, ...(secrets && { secrets }) };
    const thread = openVisitorThread({ module, data: { settings, secret, choice } satisfies ThreadData, analyses });
    open = { key, thread };
    return thread;
  };
  return {
    async of(choice) {
      const detectors = await source.detectors(choice);
      const heavy = detectors.flatMap(({ analyses }) => analyses.filter((analysis) => analysis.heavy === true));
      if (heavy.length === 0 || availableParallelism() < 2) return { detectors };
      return { detectors, thread: await threadFor(choice, new Set(heavy.map(({ id }) => id))) };
    },
    async close() {
      await closeThread();
      await source[Symbol.asyncDispose]();
    },
  };
}
