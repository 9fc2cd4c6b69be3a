import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { InputFileError } from '../adapters/files.ts';
import { readRuleFiles } from '../adapters/rules/read-rule-files.ts';
import { createRuleStore } from '../adapters/rules/rule-store.ts';
import type { RulesDeps } from '../cli/rules/contract.ts';
import { bundledRules, compileRules, RuleService } from '../detectors/index.ts';
import { systemClock } from '../kernel/index.ts';
import { processParts } from './process.ts';
import { readSettings, type Settings } from './settings.ts';

/** The rules of this installation: bundled ones and those of the data directory. */
export function ruleService(settings: Pick<Settings, 'dataDirectory'>): RuleService {
  return new RuleService({
    store: createRuleStore(join(settings.dataDirectory, 'rules'), systemClock),
    bundled: bundledRules,
    compile: compileRules,
    clock: systemClock,
  });
}

/** Wires `drydock rules`. */
export async function loadRules(): Promise<RulesDeps> {
  const parts = processParts();
  const settings = await readSettings(parts.terminal.env);
  return { ...parts, service: ruleService(settings), user: userName(), readRules: readRuleFiles, openFile };
}

async function openFile(path: string): ReturnType<RulesDeps['openFile']> {
  try {
    const { size } = await stat(path);
    return { size, content: createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer> };
  } catch (cause) {
    throw new InputFileError('source_unreadable', `${path} cannot be read`, { cause });
  }
}

/** The user of the operating system; containers run under numbers that have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
