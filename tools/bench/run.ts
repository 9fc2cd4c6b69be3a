/**
 * Runs benchmarks by name, or all: `npm run bench -- scan fix`. Each prints figures against a reference measured in the
 * same run, with peak memory. They say what they need and are skipped without it; nothing here is a timed test.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const helpers = new Set(['run.ts', 'measure.ts', 'filler.ts']);
const all = readdirSync(here)
  .filter((file) => file.endsWith('.ts') && !helpers.has(file))
  .map((file) => file.slice(0, -3))
  .sort();

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`unknown benchmark: ${unknown.join(', ')}; there are ${all.join(', ')}`);
  process.exit(2);
}

for (const name of asked.length > 0 ? asked : all) {
  console.log(`\n── ${name}`);
  // A process each, so that one benchmark's heap is not another one's peak.
  const child = spawn(process.execPath, [join(here, `${name}.ts`)], { stdio: 'inherit' });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) process.exitCode = 1;
}
