import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects what start-up leaves behind, once: compiled sources, schemas that were turned into validators, rows that were
 * read into arrays. An idle server would keep it for hours, since nothing makes the collector run.
 */
export function collectStartUpGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') collect();
}
