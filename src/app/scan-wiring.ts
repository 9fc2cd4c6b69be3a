import { createFilesystemAnalysisCache, pruneAnalysisCache } from '../adapters/cache/filesystem.ts';
import { readInput, writeOutput } from '../adapters/files.ts';
import type { AdvisoryIndex } from '../advisories/index.ts';
import type { ReportDeps, Scanner } from '../cli/reports/contract.ts';
import { ecosystems } from '../ecosystems/list.ts';
import { openReference, type Registry } from '../image/index.ts';
import { systemClock } from '../kernel/index.ts';
import { noAdvisories, scanImage, scanSbom } from '../scan/index.ts';
import { advisoryService } from './advisories-wiring.ts';
import { analysisFolder } from './analysis-cache.ts';
import type { Detecting } from './detecting.ts';
import { processParts } from './process.ts';
import { openRegistry } from './registry-wiring.ts';
import { readSettings, type Settings } from './settings.ts';
import { version } from './version.ts';

/** Wires the commands that work on scan reports: `scan`, `sbom`, `diff`, `gate`. */
export async function loadScan(): Promise<ReportDeps> {
  const parts = processParts();
  return {
    ...parts,
    toolVersion: version,
    openScanner: async (options) => openScanner(await readSettings(parts.terminal.env), options),
    readFile: readInput,
    writeFile: writeOutput,
  };
}

/** A scanner together with the registry client that it opens images with; disposing it closes both. */
export interface OpenedScanner extends Scanner {
  readonly registry: Registry;
}

/** Image sources, one snapshot of advisories (or none), and the cache of layer analyses of this installation. */
export async function openScanner(
  settings: Settings,
  options: { readonly advisories: boolean } = { advisories: true },
): Promise<OpenedScanner> {
  const index: AdvisoryIndex = options.advisories
    ? await advisoryService(settings).open()
    : noAdvisories(systemClock.now());
  const registry = await openRegistry(settings);
  const analyses = analysisFolder(settings);
  const cache = createFilesystemAnalysisCache(analyses);
  const common = { index, ecosystems, clock: systemClock, toolVersion: version };
  let detecting: Detecting | undefined;
  let added = false;
  return {
    registry,
    open: (reference, signal) => openReference(reference, { registry }, signal),
    async scan(image, { scanners = ['vuln'], baselinePolicy, ...options }) {
      // Detectors and their rules are loaded only when they are asked for.
      if (scanners.some((name) => name !== 'vuln')) {
        detecting ??= (await import('./detecting.ts')).openDetecting(settings);
      }
      const report = await scanImage({
        ...{ ...common, image, cache, ...options },
        ...(await detecting?.of({ scanners, ...(baselinePolicy !== undefined && { baselinePolicy }) })),
        vulnerabilities: scanners.includes('vuln'),
      });
      added ||= report.scan.layersRead > 0;
      return report;
    },
    scanSbom: async (bytes, reference, include) => scanSbom({ ...common, bytes, reference, include }),
    async [Symbol.asyncDispose]() {
      index[Symbol.dispose]();
      await detecting?.close();
      if (added) await pruneAnalysisCache(analyses, systemClock.now());
      await registry.close();
    },
  };
}
