import { writeOutput } from '../adapters/files.ts';
import type { QuickstartCliDeps } from '../cli/quickstart.ts';
import { openEngine } from './fix-wiring.ts';
import { processParts } from './process.ts';
import { aptConfiguration, repositoryConfig } from './repository-wiring.ts';
import { readSettings } from './settings.ts';

/** Wires `drydock quickstart`. */
export async function loadQuickstart(): Promise<QuickstartCliDeps> {
  const parts = processParts();
  const settings = await readSettings(parts.terminal.env);
  return {
    ...parts,
    apt: aptConfiguration,
    repositories: await repositoryConfig(settings),
    engine: ({ progress, repositories }) => openEngine(settings, { progress, repositories }),
    writeFile: writeOutput,
  };
}
