import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { type ScanReport, vulnerabilitiesIn } from '../../src/findings/index.ts';
import { root } from '../arch/source-tree.ts';
import { drydock } from './drydock.ts';
import { mustRun } from './run.ts';

const shared = process.env.DRYDOCK_SHARED ?? join(root, '..', 'shared');

/** A script of test/integration/oracle. */
export const oracle = (name: string): string => join(root, 'test/integration/oracle', name);

/** Packages of an OSV ecosystem to install, and what its records say of them. */
export interface Picks {
  readonly picks: readonly (readonly [name: string, version: string])[];
  readonly entries: Readonly<Record<string, readonly { readonly id: string }[]>>;
}

/** Ids of the records that affect a package, by `name version`; every package that is to be installed is named. */
export type Expected = ReadonlyMap<string, readonly string[]>;

/** Path of an ecosystem's archive; undefined after having skipped the test when there is none. */
export function osvArchive(t: TestContext, ecosystem: string): string | undefined {
  const path = join(shared, 'osv', ecosystem, 'all.zip');
  if (existsSync(path)) return path;
  t.skip(`needs ${path}`);
  return undefined;
}

/** About `count` packages of an archive at the borders of their affected ranges. */
export async function pick(archive: string, ecosystem: string, count: number, pattern: string): Promise<Picks> {
  const args = [oracle('osv-picks.py'), archive, ecosystem, String(count), pattern];
  return JSON.parse((await mustRun('/usr/bin/python3', args)).stdout) as Picks;
}

/** What a program of the packaging world says about the picks. */
export async function expectedOf(picks: Picks, command: string, ...args: string[]): Promise<Expected> {
  return new Map(
    Object.entries(JSON.parse(await pipe(JSON.stringify(picks), command, ...args)) as Record<string, string[]>),
  );
}

/** Runs a program with a standard input. @throws when it fails */
export async function pipe(input: string, command: string, ...args: string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  child.stdin.end(input);
  const output = await text(child.stdout);
  assert.equal(await ended, 0, `${command} ${args.join(' ')}`);
  return output;
}

/** Imports one ecosystem of the archive's folder and scans a root file system. */
export async function scanRoot(rootfs: string, ecosystem: string, dataDirectory: string): Promise<ScanReport> {
  const update = await drydock(['db', 'update', '--from', join(shared, 'osv'), '--only', ecosystem], { dataDirectory });
  assert.equal(update.code, 0, update.stderr);
  const scanned = await drydock(['scan', `dir:${rootfs}`, '-o', 'json', '-q'], { dataDirectory });
  assert.equal(scanned.code, 0, scanned.stderr);
  return JSON.parse(scanned.stdout) as ScanReport;
}

/** `name version` of all installed packages of a purl type. */
export function installed(report: ScanReport, type: string): string[] {
  return report.packages
    .filter((pkg) => pkg.type === type && pkg.scope === 'installed')
    .map(({ name, version }) => `${name} ${version}`)
    .sort();
}

/**
 * Ids of records that a report finds, by `name version`. A finding joins records of one vulnerability: each id of it
 * that is a record about the package counts.
 */
export function found(report: ScanReport, { entries }: Picks, normalise = (name: string): string => name): Expected {
  const records = new Map<string, Set<string>>();
  for (const [name, list] of Object.entries(entries)) {
    const ids = records.get(normalise(name)) ?? new Set();
    for (const { id } of list) ids.add(id);
    records.set(normalise(name), ids);
  }
  const packages = new Map(report.packages.map((pkg) => [pkg.purl, pkg]));
  const result = new Map<string, string[]>();
  for (const { name, version } of packages.values()) result.set(`${name} ${version}`, []);
  for (const finding of vulnerabilitiesIn(report)) {
    const pkg = packages.get(finding.package);
    assert.ok(pkg);
    const own = [finding.id, ...finding.aliases].filter((id) => records.get(normalise(pkg.name))?.has(id));
    assert.ok(own.length > 0, `${finding.id} of ${pkg.purl} is in no record about it`);
    result.get(`${pkg.name} ${pkg.version}`)?.push(...own);
  }
  return new Map([...result].map(([key, ids]) => [key, [...new Set(ids)].sort()]));
}
