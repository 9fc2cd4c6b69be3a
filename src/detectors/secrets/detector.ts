import type { Detector } from '../contract.ts';
import type { DetectorOptions } from '../options.ts';

/** Sensitive files (risks.md §4). */
export function createSecrets(_options: DetectorOptions): Detector {
  return { id: 'secret', analyses: [], detect: async () => ({ sensitive: [], diagnostics: [] }) };
}
