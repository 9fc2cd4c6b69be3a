/**
 * Runs the tests in groups and ends with one line that counts them all:
 *   node tools/test.ts [unit|slow|contract|integration|hostile|e2e …] [--quiet]
 * Unit tests share one process, and so do those beside the code that take long (`*.slow.test.ts`: not part of the
 * check). The others get one process a file, because they start servers and build images.
 */

import { globSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

// Stripping types off a thousand modules takes seconds of every run.
enableCompileCache(join(tmpdir(), 'drydock-test-cache/compiled'));

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const groups: Record<string, { globs: readonly string[]; isolation: 'none' | 'process'; minutes: number }> = {
  unit: { globs: ['src/**/*.test.ts', 'test/arch/*.test.ts'], isolation: 'none', minutes: 5 },
  slow: { globs: ['src/**/*.slow.test.ts'], isolation: 'none', minutes: 15 },
  hostile: { globs: ['test/hostile/*.test.ts'], isolation: 'process', minutes: 10 },
  contract: { globs: ['test/contract/*.test.ts'], isolation: 'process', minutes: 20 },
  integration: { globs: ['test/integration/*.test.ts'], isolation: 'process', minutes: 25 },
  e2e: { globs: ['test/e2e/*.test.ts'], isolation: 'process', minutes: 25 },
};

const args = process.argv.slice(2);
const quiet = args.includes('--quiet');
const asked = args.filter((arg) => !arg.startsWith('--'));
const unknown = asked.filter((name) => groups[name] === undefined);
if (unknown.length > 0) {
  console.error(`unknown test group: ${unknown.join(', ')}; there are ${Object.keys(groups).join(', ')}`);
  process.exit(2);
}

const totals = { passed: 0, failed: 0, skipped: 0 };
const skips: string[] = [];
const failures: string[] = [];

async function runGroup(name: string): Promise<void> {
  const group = groups[name];
  if (group === undefined) return;
  const found = group.globs.flatMap((glob) => globSync(glob, { cwd: root }));
  const files = found
    .filter((file) => name !== 'unit' || !file.endsWith('.slow.test.ts'))
    .map((file) => join(root, file));
  if (files.length === 0) return;
  if (!quiet) console.log(`\n── ${name}: ${files.length} files`);
  const stream = run({
    files: files.sort(),
    isolation: group.isolation,
    // One file at a time where tests measure or start many processes: two cores are soon full.
    concurrency: group.isolation === 'none' ? true : Math.max(1, Math.floor(availableParallelism() / 2)),
    timeout: group.minutes * 60_000,
    cwd: root,
  });
  // A suite or file is not a test; only leaves count, as in the runner's own summary.
  stream.on('test:pass', ({ name, file, skip, details }) => {
    if (details.type === 'suite' || isFile(name, file)) return;
    if (skip !== undefined) {
      totals.skipped++;
      skips.push(`${name}${typeof skip === 'string' ? `: ${skip}` : ''}`);
    } else totals.passed++;
  });
  stream.on('test:fail', ({ name, file, details }) => {
    if (details.type === 'suite') return;
    totals.failed++;
    failures.push(`${name} (${file === undefined ? '' : relative(root, file)}): ${describe(details.error)}`);
  });
  if (quiet) for await (const _ of stream);
  else for await (const chunk of stream.compose(new spec())) process.stdout.write(chunk as Buffer);
}

function isFile(name: string, file: string | undefined): boolean {
  return file !== undefined && (name === file || join(root, name) === file);
}

function describe(error: Error): string {
  const cause = error.cause instanceof Error ? error.cause : error;
  return `${cause.message}\n${cause.stack ?? ''}`
    .split('\n')
    .slice(0, quiet ? 14 : 6)
    .join('\n    ');
}

for (const name of asked.length > 0 ? asked : Object.keys(groups)) await runGroup(name);

if (skips.length > 0 && !quiet) console.log(`\nSkipped:\n  ${skips.join('\n  ')}`);
if (failures.length > 0) console.log(`\nFailed:\n  ${failures.join('\n\n  ')}`);
console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);
