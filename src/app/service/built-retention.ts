import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RetentionStep } from '../../service/index.ts';

/** A fix ends within hours; what lies longer belongs to none that is under way. */
const keepMs = 3 * 86_400_000;

/** Removes what ended fixes left behind: plans, reports that are in the store already, layers of failed ones. */
export function builtRetention(folder: string): RetentionStep {
  return {
    name: 'built',
    async run(now, signal) {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      for (const name of names.filter((each) => each.startsWith('ivf-'))) {
        signal.throwIfAborted();
        const path = join(folder, name);
        if (now - (await stat(path)).mtimeMs > keepMs) await rm(path, { recursive: true, force: true });
      }
    },
  };
}

/** Where fixes build, one folder a task. */
export function builtFolder(dataDirectory: string): string {
  return join(dataDirectory, 'built');
}
