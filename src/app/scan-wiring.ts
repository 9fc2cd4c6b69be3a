import { createFilesystemAnalysisCache, pruneAnalysisCache } from '../adapters/cache/filesystem.ts';
import { writeOutput } from '../adapters/files.ts';
import type { ScanDeps, Scanner } from '../cli/scan.ts';
import { ecosystems } from '../ecosystems/list.ts';
import { openReference, type Registry } from '../image/index.ts';
import { systemClock } from '../kernel/index.ts';
import { scanImage } from '../scan/index.ts';
import { advisoryService } from './advisories-wiring.ts';
import { analysisFolder } from './analysis-cache.ts';
import { processParts } from './process.ts';
import { openRegistry } from './registry-wiring.ts';
import { readSettings, type Settings } from './settings.ts';
import { version } from './version.ts';

/** Wires `drydock scan`. */
export async function loadScan(): Promise<ScanDeps> {
  const parts = processParts();
  return {
    ...parts,
    openScanner: async () => openScanner(await readSettings(parts.terminal.env)),
    writeFile: writeOutput,
  };
}

/** A scanner together with the registry client that it opens images with; disposing it closes both. */
export interface OpenedScanner extends Scanner {
  readonly registry: Registry;
}

/** Image sources, one snapshot of advisories, and the cache of layer analyses of this installation. */
export async function openScanner(settings: Settings): Promise<OpenedScanner> {
  const index = await advisoryService(settings).open();
  const registry = await openRegistry(settings);
  const analyses = analysisFolder(settings);
  const cache = createFilesystemAnalysisCache(analyses);
  let added = false;
  return {
    registry,
    open: (reference, signal) => openReference(reference, { registry }, signal),
    async scan(image, options) {
      const report = await scanImage({
        image,
        index,
        ecosystems,
        cache,
        clock: systemClock,
        toolVersion: version,
        ...options,
      });
      added ||= report.scan.layersRead > 0;
      return report;
    },
    async [Symbol.asyncDispose]() {
      index[Symbol.dispose]();
      if (added) await pruneAnalysisCache(analyses, systemClock.now());
      await registry.close();
    },
  };
}
