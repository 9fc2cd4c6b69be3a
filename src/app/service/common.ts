import { join } from 'node:path';
import { createExportFiles } from '../../adapters/exports/files.ts';
import { Turns } from '../../service/index.ts';
import type { Settings } from '../settings.ts';
import type { ServiceStore } from './store.ts';

/** Exports of one project that are produced at a time. */
const exportsAtATime = 2;

/** Takes turns of exports between projects. */
export function exportTurns(world: { readonly settings: Settings; readonly store: ServiceStore }): Turns {
  const { store } = world;
  const files = createExportFiles(exportFolder(world.settings));
  return new Turns({ store: store.exports, files, queue: store.queue, now: Date.now, concurrent: exportsAtATime });
}

/** Where exported files are kept. */
export function exportFolder(settings: Settings): string {
  return join(settings.dataDirectory, 'exports');
}
