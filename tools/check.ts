/**
 * The one local check: format and lint, types, architecture, dead code, unit tests. Prints only what failed.
 * Everything runs side by side; the whole takes as long as its slowest part. `--static` leaves the unit tests out, for
 * who runs all tests afterwards anyway.
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** What the last run learnt of files that have not changed since. */
const cache = (name: string): string => join(root, 'node_modules/.cache/drydock-check', name);
const bin = (name: string): string => join(root, 'node_modules/.bin', name);

interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const steps: readonly Step[] = [
  { name: 'format and lint', command: bin('biome'), args: ['check', '--error-on-warnings', '.'] },
  {
    name: 'types',
    command: bin('tsc'),
    args: ['--noEmit', '-p', '.', '--incremental', '--tsBuildInfoFile', cache('types.tsbuildinfo')],
  },
  { name: 'types of the console', command: bin('tsc'), args: ['-p', 'console'] },
  { name: "types of the console's tests", command: bin('tsc'), args: ['-p', 'test/console'] },
  {
    name: "the console's client is that of docs/api/openapi.json (npm run schemas)",
    command: join(root, 'console/node_modules/.bin/openapi-typescript'),
    args: ['docs/api/openapi.json', '-o', 'console/src/api/schema.gen.ts', '--check'],
  },
  {
    name: 'dead code',
    command: bin('knip'),
    args: ['--no-progress', '--cache', '--cache-location', cache('knip')],
  },
  {
    name: 'architecture and unit tests',
    command: process.execPath,
    args: [join(root, 'tools/test.ts'), 'unit', '--quiet'],
  },
];

async function run(step: Step): Promise<{ step: Step; failed: boolean; output: string; seconds: number }> {
  const started = performance.now();
  const child = spawn(step.command, step.args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const seconds = (performance.now() - started) / 1000;
  return { step, failed: code !== 0, output: Buffer.concat(chunks).toString(), seconds };
}

const started = performance.now();
const tests = steps.at(-1);
const wanted = process.argv.includes('--static') ? steps.filter((step) => step !== tests) : steps;
const results = await Promise.all(wanted.map(run));
for (const { step, failed, output } of results) {
  if (failed) console.log(`\n✖ ${step.name}\n${output.trimEnd()}`);
}
const failed = results.filter((result) => result.failed);
const total = ((performance.now() - started) / 1000).toFixed(1);
const times = results.map(({ step, seconds }) => `${step.name} ${seconds.toFixed(1)} s`).join(', ');
console.log(failed.length === 0 ? `check passed in ${total} s (${times})` : `\ncheck failed in ${total} s (${times})`);
process.exitCode = failed.length === 0 ? 0 : 1;
