/** The thread that runs the visitors of detectors with much to do; started by `openDetecting`. */
import { parentPort, workerData } from 'node:worker_threads';
import { serveVisitors } from '../adapters/threads/index.ts';
import type { ThreadData } from './detecting.ts';
import { detectorSource } from './detector-wiring.ts';

const { settings, secret, choice } = workerData as ThreadData;
const made = detectorSource(settings, secret)(choice);
// Told to whoever asks for visitors.
made.catch(() => {});

if (parentPort !== null) {
  serveVisitors(parentPort, async (ids) => {
    const analyses = (await made).flatMap((detector) => detector.analyses);
    return ids.flatMap((id) => analyses.find((analysis) => analysis.id === id)?.visitor() ?? []);
  });
}
