/**
 * Runs the tests in groups and ends with one line that counts them all:
 *   node tools/test.ts [unit|slow|contract|integration|hostile|e2e|console …] [--quiet]
 * Unit tests share one process, and so do those beside the code that take long (`*.slow.test.ts`: not part of the
 * check). The others get one process a file, because they start servers and build images; several run at a time, and
 * those that measure time run alone.
 */

import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

// Stripping types off a thousand modules takes seconds of every process; the variable is for those that tests start.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'drydock-test-cache/compiled');
enableCompileCache(process.env.NODE_COMPILE_CACHE);

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Groups whose files share a process, and their files. */
const together: Record<string, { globs: readonly string[]; minutes: number }> = {
  unit: { globs: ['src/**/*.test.ts', 'test/arch/*.test.ts', 'console/src/**/*.test.ts'], minutes: 10 },
  slow: { globs: ['src/**/*.slow.test.ts'], minutes: 25 },
};
/** Groups with a process a file. The longest files come first, so that short ones fill the end. */
const apart: Record<string, string> = {
  console: 'test/console/*.test.ts',
  e2e: 'test/e2e/*.test.ts',
  integration: 'test/integration/*.test.ts',
  contract: 'test/contract/*.test.ts',
  hostile: 'test/hostile/*.test.ts',
};
/** What one file of these may take on a slow machine. */
const minutesApart = 30;
/** They hold times against each other, or bounds that clients have; on a busy machine that says nothing. */
const alone: ReadonlySet<string> = new Set([
  'test/hostile/access.test.ts',
  'test/contract/sql-processes.test.ts',
  'test/e2e/interrupted.test.ts',
  'test/e2e/service-restarts.test.ts',
  'test/console/behaviour.test.ts',
  'test/console/pages.test.ts',
  'test/console/story.test.ts',
]);

const args = process.argv.slice(2);
const quiet = args.includes('--quiet');
const asked = args.filter((arg) => !arg.startsWith('--'));
const names = [...Object.keys(together), ...Object.keys(apart)];
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`unknown test group: ${unknown.join(', ')}; there are ${names.join(', ')}`);
  process.exit(2);
}
const wanted = (name: string): boolean => asked.length === 0 || asked.includes(name);

const totals = { passed: 0, failed: 0, skipped: 0 };
const skips: string[] = [];
const failures: string[] = [];

/** Milliseconds by test file. */
const times = new Map<string, number>();

interface Group {
  readonly title: string;
  readonly files: readonly string[];
  readonly isolation: 'none' | 'process';
  /** How many files at a time. */
  readonly concurrency: number;
  readonly minutes: number;
}

async function runGroup({ title, files, isolation, concurrency, minutes }: Group): Promise<void> {
  if (files.length === 0) return;
  if (!quiet) console.log(`\n── ${title}: ${files.length} files`);
  const stream = run({
    files: files.map((file) => join(root, file)),
    isolation,
    concurrency: isolation === 'none' || concurrency,
    timeout: minutes * 60_000,
    cwd: root,
  });
  // A file of its own process ends as a whole; of files in one process, their tests' times are all that is known.
  stream.on('test:complete', ({ name, file, nesting, details }) => {
    if (file === undefined || nesting > 0 || (isolation === 'process' && !isFile(name, file))) return;
    times.set(file, (times.get(file) ?? 0) + details.duration_ms);
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

const started = performance.now();
for (const [title, { globs, minutes }] of Object.entries(together)) {
  if (!wanted(title)) continue;
  const files = globs.flatMap((glob) => globSync(glob, { cwd: root })).sort();
  const own = files.filter((file) => title !== 'unit' || !file.endsWith('.slow.test.ts'));
  await runGroup({ title, files: own, isolation: 'none', concurrency: 1, minutes });
}
const chosen = Object.keys(apart).filter(wanted);
// Before anything else starts: services read what is built.
if (chosen.includes('console'))
  execFileSync('npm', ['run', '--silent', 'console'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
const files = chosen.flatMap((name) => globSync(apart[name] ?? '', { cwd: root }).sort());
const [beside, single] = [files.filter((file) => !alone.has(file)), files.filter((file) => alone.has(file))];
const shared = { isolation: 'process', minutes: minutesApart } as const;
// Tests wait for processes, leases and timers more than they compute.
const concurrency = availableParallelism() + 1;
await runGroup({ ...shared, title: `${chosen.join(', ')}, ${concurrency} at a time`, files: beside, concurrency });
await runGroup({ ...shared, title: 'alone', files: single, concurrency: 1 });

if (!quiet) {
  const slowest = [...times].sort(([, a], [, b]) => b - a).slice(0, 15);
  const lines = slowest.map(([file, ms]) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${relative(root, file)}`);
  console.log(`\nSlowest files of ${Math.round((performance.now() - started) / 1000)} s:\n${lines.join('\n')}`);
}
if (skips.length > 0 && !quiet) console.log(`\nSkipped:\n  ${skips.join('\n  ')}`);
if (failures.length > 0) console.log(`\nFailed:\n  ${failures.join('\n\n  ')}`);
console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);
