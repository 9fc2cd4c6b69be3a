import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { type ScanReport, type VulnerabilityFinding, vulnerabilitiesIn } from '../../src/findings/index.ts';
import { root } from '../arch/source-tree.ts';
import { drydock } from './drydock.ts';
import { mustRun } from './run.ts';

/** Archive of an ecosystem's OSV records; undefined after having marked the test as skipped. */
export function osvArchive(t: TestContext, ecosystem: string): string | undefined {
  const path = join(process.env.DRYDOCK_SHARED ?? join(root, '..', 'shared'), 'osv', ecosystem, 'all.zip');
  if (existsSync(path)) return path;
  t.skip('needs the shared advisory data: set DRYDOCK_SHARED');
  return undefined;
}

/** Loads one ecosystem's advisories of the shared folder and scans a directory with the real command line. */
export async function scanDirectory(
  directory: string,
  ecosystem: string,
  dataDirectory: string,
  ...more: string[]
): Promise<ScanReport> {
  const from = join(process.env.DRYDOCK_SHARED ?? join(root, '..', 'shared'), 'osv');
  const loaded = await drydock(['db', 'update', '-q', '--from', from, '--only', ecosystem], { dataDirectory });
  assert.equal(loaded.code, 0, loaded.stderr);
  const scanned = await drydock(['scan', `dir:${directory}`, '-o', 'json', ...more], { dataDirectory });
  assert.ok(scanned.code === 0 || scanned.code === 1, scanned.stderr);
  return JSON.parse(scanned.stdout) as ScanReport;
}

/** Runs an oracle with a list on its standard input. */
export async function askOracle<T>(program: string, args: readonly string[], input: unknown): Promise<T> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(input));
  return JSON.parse(await text(child.stdout)) as T;
}

/**
 * Compares all findings of a report with the records that an oracle found for each package: every record is in exactly
 * one finding of its package, with all its aliases, and every finding has a record.
 * @param expected ids of records, each with its aliases, by purl.
 */
export function assertSameFindings(
  report: ScanReport,
  expected: ReadonlyMap<string, readonly (readonly string[])[]>,
): void {
  const problems: string[] = [];
  const found = vulnerabilitiesIn(report).filter(({ kind }) => kind === 'sca');
  const told = new Set<VulnerabilityFinding>();
  for (const [purl, records] of expected) {
    const own = found.filter((finding) => finding.package === purl);
    for (const ids of records) {
      const holders = own.filter(({ id, aliases }) => [id, ...aliases].includes(ids[0] ?? ''));
      if (holders.length !== 1) problems.push(`${purl}: ${ids[0]} is in ${holders.length} findings`);
      for (const holder of holders) {
        told.add(holder);
        const missing = ids.filter((id) => id !== holder.id && !holder.aliases.includes(id));
        if (missing.length > 0) problems.push(`${purl}: ${holder.id} lacks the aliases ${missing.join(' ')}`);
      }
    }
  }
  for (const finding of found)
    if (!told.has(finding)) problems.push(`${finding.package}: ${finding.id} is not expected`);
  assert.deepEqual(problems, []);
}

/** Runs a program in a directory and says what it printed. */
export async function runIn(cwd: string, command: string, ...args: string[]): Promise<string> {
  return (await mustRun(command, args, { cwd, env: process.env })).stdout;
}
