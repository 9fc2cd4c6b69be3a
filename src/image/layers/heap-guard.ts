import { getHeapStatistics } from 'node:v8';
import { LayerError } from './errors.ts';

/**
 * Ends work whose memory grows with the number of files of an image before the process runs out of it. An exhausted
 * heap cannot be caught: the process would end without a reason and without cleaning up.
 * @param share of the process's heap that may be in use, garbage included
 * @throws LayerError `too_large`
 */
export function checkHeap(share: number): void {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  if (used <= limit * share) return;
  const message = `the image has more files than fit into the memory of this process (${limit} bytes)`;
  throw new LayerError('too_large', message, {
    hint: 'Give it more memory: NODE_OPTIONS=--max-old-space-size=8192, in MiB.',
  });
}

/** While layers are read: the merged view, which comes after them, needs about as much again. */
export const heapShareForLayers = 0.4;
/** While layers are merged. */
export const heapShareForView = 0.85;
