import type { ImageView } from '../../../../image/index.ts';
import type { Progress } from '../../../../kernel/index.ts';
import type { FixPlan, PreparedChange, Rejection, Upgrade } from '../../../fix-contract.ts';
import type { OpenPackage } from '../../deb/contract.ts';
import { debianArchitecture } from '../architecture.ts';
import { type DpkgPackage, readDatabase } from '../database.ts';
import { bytecodeHandler } from '../handlers/bytecode.ts';
import { certificateHandler } from '../handlers/ca/certificates.ts';
import type { ChangeSet } from '../handlers/contract.ts';
import { generatorHandler } from '../handlers/generators.ts';
import { libraryCacheHandler } from '../handlers/library-cache.ts';
import { findUnclean } from '../inspect.ts';
import { checkScripts } from '../scripts/check.ts';
import { conffilePlace, placeConffiles, shippedConffiles } from './conffiles.ts';
import { type ApplyContext, type Arrival, targetOf } from './context.ts';
import { writeDatabase } from './database-files.ts';
import { Draft } from './draft.ts';
import { createPreparedChange, discardSpools } from './emit.ts';
import { placeEntries } from './entries.ts';
import { ApplyError } from './errors.ts';
import { type ImageState, readImageState } from './image-state.ts';
import { infoBase } from './ownership.ts';
import { type PackageContents, readPackageControl } from './package-contents.ts';
import { toLayerPath } from './path-text.ts';
import { type ApplyDeps, readPayloads, type StartedPackage } from './payloads.ts';
import type { PlacedContents } from './placed.ts';
import { reject, rejectionOf } from './rejections.ts';
import { removeOldFiles } from './removals.ts';

/** How packages are applied where no script ever ran or may be skipped knowingly. */
export interface ApplyOptions {
  /** Scripts are not judged: a new root file system for demonstrations, whose packages are all new. */
  readonly skipScripts?: boolean;
}

/** Decides the complete change for a plan, or says which packages cannot take part. Writes nothing into the layer. */
export async function prepareChange(
  input: { readonly plan: FixPlan; readonly view: ImageView; readonly open: (upgrade: Upgrade) => OpenPackage },
  deps: ApplyDeps,
  signal: AbortSignal,
  progress: Progress,
  options: ApplyOptions = {},
): Promise<{ readonly change: PreparedChange } | { readonly rejected: readonly Rejection[] }> {
  const { plan, view } = input;
  const state = readImageState(view, readDatabase(view));
  const unclean = findUnclean(view, state.database);
  if (unclean !== undefined)
    return { rejected: plan.upgrades.map((upgrade) => reject(upgrade.name, 'unsupported', unclean)) };
  const rejected: Rejection[] = [];
  const started: StartedPackage[] = [];
  for (const upgrade of plan.upgrades) {
    signal.throwIfAborted();
    try {
      started.push(await startPackage(upgrade, input.open(upgrade), state, deps, signal));
    } catch (error) {
      rejected.push(rejectionOf(error, upgrade.name));
    }
  }
  if (rejected.length > 0) return { rejected };
  const hashes = await view.digests(pathsToHash(state, started), signal);
  const read = await readPayloads(started, state, hashes, deps, signal, progress);
  const packages = read.filter((one): one is PackageContents => 'spool' in one);
  rejected.push(...read.filter((one): one is Rejection => 'outcome' in one));
  try {
    const context = createContext(state, packages, hashes, plan);
    if (rejected.length === 0) rejected.push(...decide(context, options));
    if (rejected.length === 0) return { change: createPreparedChange(context, deps.deb) };
  } catch (error) {
    await discardSpools(packages);
    throw error;
  }
  await discardSpools(packages);
  return { rejected };
}

async function startPackage(
  upgrade: Upgrade,
  open: OpenPackage,
  state: ImageState,
  deps: ApplyDeps,
  signal: AbortSignal,
): Promise<StartedPackage> {
  const old = upgrade.from === null ? undefined : state.database.find(upgrade.name, upgrade.arch);
  if (upgrade.from !== null && old?.version !== upgrade.from) {
    throw new ApplyError('unsupported', `the image holds ${old?.version ?? 'no'} ${upgrade.name}, not ${upgrade.from}`);
  }
  if (old && state.database.layout === 'dpkg' && infoBase(state.view, old) === undefined) {
    throw new ApplyError('unsupported', `the database has no list of the files of ${upgrade.name}`);
  }
  if (!old && state.database.layout === 'distroless') {
    throw new ApplyError('conflict', `${upgrade.name} would be a new package in a distroless image`);
  }
  return { upgrade, old, open, ...(await readPackageControl(upgrade, open, deps.deb, signal)) };
}

/** Files whose hash decides something: those of the old versions, and configuration wherever it lies. */
function pathsToHash(state: ImageState, packages: readonly StartedPackage[]): ReadonlySet<string> {
  const paths = new Set<string>();
  const add = (path: string | undefined): void => {
    if (path !== undefined && state.view.entry(path)?.content !== undefined) paths.add(path);
  };
  for (const { old, conffiles, upgrade } of packages) {
    for (const packaged of old ? state.ownership.list(old) : []) add(state.paths.target(upgrade.name, packaged));
    for (const { path } of [...conffiles, ...(old?.conffiles ?? [])]) {
      add(conffilePlace(state, upgrade.name, toLayerPath(path)));
    }
  }
  return paths;
}

function createContext(
  state: ImageState,
  packages: readonly PackageContents[],
  hashes: ApplyContext['hashes'],
  plan: FixPlan,
): ApplyContext {
  const arrivals = new Map<string, Arrival[]>();
  const replaced = new Map<DpkgPackage, PackageContents>();
  for (const contents of packages) {
    if (contents.old) replaced.set(contents.old, contents);
    for (const { entry } of contents.entries) {
      if (entry.type === 'symlink' && state.view.entry(entry.path) === undefined && entry.link !== undefined) {
        state.paths.addLink(entry.path, entry.link);
      }
    }
  }
  for (const contents of packages) {
    for (const item of contents.entries) {
      const target = state.paths.target(contents.upgrade.name, item.entry.path);
      if (target === undefined) continue;
      const list = arrivals.get(target);
      if (list === undefined) arrivals.set(target, [{ contents, item }]);
      else list.push({ contents, item });
    }
  }
  const time = Date.parse(plan.plannedAt) / 1000;
  const native = debianArchitecture(plan.platform);
  return { ...state, draft: new Draft(state.view), packages, replaced, arrivals, hashes, native, time };
}

function decide(context: ApplyContext, options: ApplyOptions): Rejection[] {
  const rejected: Rejection[] = [];
  const placed: PlacedContents[] = [];
  for (const [place, contents] of context.packages.entries()) {
    try {
      if (options.skipScripts !== true && context.database.layout === 'dpkg') checkScripts(context.view, contents);
      placed.push(placePackage(context, place, contents));
    } catch (error) {
      rejected.push(rejectionOf(error, contents.upgrade.name));
    }
  }
  if (rejected.length > 0) return rejected;
  try {
    deriveState(context, placed, options);
    writeDatabase(context, placed);
  } catch (error) {
    rejected.push(rejectionOf(error, culpritOf(context, error)));
  }
  return rejected;
}

function placePackage(context: ApplyContext, place: number, contents: PackageContents): PlacedContents {
  const shipped =
    context.database.layout === 'dpkg' ? shippedConffiles(contents) : existingConfiguration(context, contents);
  const placed = placeEntries(context, place, contents, ({ entry }) => shipped.has(entry.path));
  const conffiles =
    context.database.layout === 'dpkg'
      ? placeConffiles(context, place, contents)
      : { lines: [], obsolete: [], protectedPaths: new Set<string>() };
  if (contents.old) removeOldFiles(context, contents.old, placed.targets, conffiles.protectedPaths);
  return { contents, placed, conffiles };
}

/** Without recorded hashes nobody can tell what was edited, so configuration that is there stays. */
function existingConfiguration(context: ApplyContext, contents: PackageContents): ReadonlyMap<string, unknown> {
  const kept = new Map<string, unknown>();
  for (const [path, item] of shippedConffiles(contents)) {
    const target = targetOf(context, contents, path);
    if (context.view.entry(target) === undefined) continue;
    kept.set(path, item);
    context.draft.diagnostics.push({
      code: 'conffile_kept',
      path: target,
      message: `the image has no record of the original, so the existing file of ${contents.upgrade.name} stays`,
    });
  }
  return kept;
}

function deriveState(context: ApplyContext, placed: readonly PlacedContents[], options: ApplyOptions): void {
  const change = changeSetOf(context);
  if (options.skipScripts === true) return;
  bytecodeHandler.run(change);
  // Directories that only held bytecode are empty now.
  for (const { contents, placed: result, conffiles } of placed) {
    if (contents.old) removeOldFiles(context, contents.old, result.targets, conffiles.protectedPaths);
  }
  certificateHandler.run(change);
  if (context.database.layout === 'distroless') return;
  libraryCacheHandler.run(change);
  generatorHandler.run(change);
}

function changeSetOf(context: ApplyContext): ChangeSet {
  const { draft, view } = context;
  const changed = new Set<string>();
  for (const path of draft.changed()) {
    const type = (draft.after(path) ?? view.entry(path))?.type;
    if (type !== undefined && type !== 'directory') changed.add(path);
  }
  const kept = new Map<string, Uint8Array>();
  for (const { upgrade, kept: bodies } of context.packages) {
    for (const [packaged, bytes] of bodies) {
      const target = context.paths.target(upgrade.name, packaged);
      if (target !== undefined) kept.set(target, bytes);
    }
  }
  return {
    context,
    changed,
    body: (path) =>
      draft.derived.get(path)?.bytes ?? (draft.isRemoved(path) ? undefined : (kept.get(path) ?? view.small(path))),
  };
}

/** The package to leave out for a problem with a path: the one that brings it, else the one that had it. */
function culpritOf(context: ApplyContext, error: unknown): string {
  const path = error instanceof ApplyError ? error.path : undefined;
  if (path !== undefined) {
    const bringer = context.arrivals.get(path)?.[0]?.contents;
    if (bringer) return bringer.upgrade.name;
    const owner = context.ownership.owners(path).find((record) => context.replaced.has(record));
    if (owner) return owner.name;
  }
  return context.packages[0]?.upgrade.name ?? '';
}
