import type { ImageView } from '../../../image/index.ts';
import type { FixPlan, IntegrityReport } from '../../fix-contract.ts';
import { readChecksumLine } from '../info-lines.ts';
import { debVersions } from '../versions.ts';
import { type ImageState, readImageState } from './apply/image-state.ts';
import { infoBase } from './apply/ownership.ts';
import { linesOf, toLayerPath } from './apply/path-text.ts';
import { debianArchitecture } from './architecture.ts';
import { type DpkgPackage, readDatabase } from './database.ts';
import { brokenRelations } from './dependency-check.ts';
import { findUnclean } from './inspect.ts';

/** Audits the merged result in memory: database, dependencies, checksums of the upgraded packages, hard links. */
export async function selfCheckDpkg(plan: FixPlan, view: ImageView, signal: AbortSignal): Promise<IntegrityReport> {
  const database = readDatabase(view);
  const state = readImageState(view, database);
  const problems: string[] = [];
  const unclean = findUnclean(view, database);
  if (unclean !== undefined) problems.push(unclean);
  for (const { message, path } of database.diagnostics) problems.push(`${path ?? 'database'}: ${message}`);
  const upgraded: DpkgPackage[] = [];
  for (const { name, arch, to } of plan.upgrades) {
    const record = database.find(name, arch);
    if (record && debVersions.compare(record.version, to) === 0 && record.state === 'installed') upgraded.push(record);
    else problems.push(`the database does not show ${name} ${to} as installed`);
  }
  problems.push(
    ...brokenRelations(database, upgraded, debianArchitecture(plan.platform), plan.unmet),
    ...danglingHardlinks(view),
  );
  return { ...(await verifySums(state, upgraded, signal)), problems };
}

/** A link into nothing would make the whole layer unusable for some runtimes. */
function danglingHardlinks(view: ImageView): string[] {
  const dangling: string[] = [];
  let top = 0;
  for (const entry of view.entries()) {
    top = Math.max(top, entry.layer);
    if (entry.type === 'hardlink' && entry.content === undefined) dangling.push(`${entry.layer}\t${entry.path}`);
  }
  return dangling
    .filter((line) => line.startsWith(`${top}\t`))
    .map((line) => `the hard link ${line.slice(line.indexOf('\t') + 1)} has no target`);
}

async function verifySums(
  state: ImageState,
  upgraded: readonly DpkgPackage[],
  signal: AbortSignal,
): Promise<Pick<IntegrityReport, 'files' | 'mismatches'>> {
  const expected = new Map<string, string>();
  const mismatches: { path: string; reason: string }[] = [];
  for (const record of upgraded) {
    const listed = new Set(state.ownership.list(record));
    for (const { path, md5 } of sumsOf(state, record)) {
      // A path that another package has taken over stays in the checksums, but not in the list.
      if (!listed.has(path) || !state.allows(path, 'other')) continue;
      const target = state.paths.target(record.name, path);
      if (target === undefined || state.view.entry(target)?.content === undefined) {
        mismatches.push({ path, reason: `${record.name} should hold it, but it is missing` });
      } else {
        expected.set(target, md5);
      }
    }
  }
  const hashes = await state.view.digests(new Set(expected.keys()), signal);
  for (const [path, md5] of expected) {
    const actual = hashes.get(path)?.md5;
    if (actual !== md5) mismatches.push({ path, reason: `MD5 is ${actual ?? 'unknown'}, the package says ${md5}` });
  }
  return { files: expected.size, mismatches };
}

/** Checksums of a package's files, configuration left out: that may be edited. */
function sumsOf(state: ImageState, record: DpkgPackage): { path: string; md5: string }[] {
  const base = state.database.layout === 'distroless' ? record.file : infoBase(state.view, record);
  const conffiles = new Set(record.conffiles.map(({ path }) => toLayerPath(path)));
  return linesOf(base === undefined ? undefined : state.view.small(`${base}.md5sums`)).flatMap((line) => {
    const sum = readChecksumLine(line);
    const path = toLayerPath(sum?.path ?? '');
    if (sum === undefined || conffiles.has(path)) return [];
    const isConfiguration = state.database.layout === 'distroless' && path.startsWith('etc/');
    return isConfiguration ? [] : [{ path, md5: sum.md5 }];
  });
}
