import { join } from 'node:path';
import type { Settings } from './settings.ts';

/** Where analyses of layers are kept, by scans of the command line and of the service alike. */
export function analysisFolder(settings: Settings): string {
  return join(settings.cacheDirectory, 'layers');
}
