import type { LayerEntry, LayerWriter } from '../../../../image/index.ts';
import type { AppliedChange, PreparedChange } from '../../../fix-contract.ts';
import type { DebReader } from '../../deb/contract.ts';
import { cvesSince, isChangelog } from '../changelog.ts';
import type { ApplyContext } from './context.ts';
import type { PackageContents } from './package-contents.ts';

/** The decided change; writing it twice gives the same entries. */
export function createPreparedChange(context: ApplyContext, deb: DebReader): PreparedChange {
  const { draft, packages } = context;
  return {
    async emit(out, signal): Promise<AppliedChange> {
      for (const [place, contents] of packages.entries()) {
        const entries = draft.fromPackages[place];
        if (entries) await emitPackage(contents, entries, out, deb, signal);
      }
      for (const { entry, bytes } of draft.derived.values()) {
        signal.throwIfAborted();
        await out.put(entry, entry.type === 'file' ? bytes : undefined);
      }
      for (const path of topmost(draft.removed())) await out.remove(path);
      for (const { entry, bytes } of draft.database.values()) await out.put(entry, bytes);
      return { diagnostics: draft.diagnostics, changelogs: changelogsOf(packages) };
    },
    discard: () => discardSpools(packages),
  };
}

/** Gives back the disk space of everything that was unpacked. */
export async function discardSpools(packages: readonly PackageContents[]): Promise<void> {
  await Promise.all(packages.map(({ spool }) => spool?.bytes.close()));
}

async function emitPackage(
  contents: PackageContents,
  entries: ReadonlyMap<number, LayerEntry>,
  out: LayerWriter,
  deb: DebReader,
  signal: AbortSignal,
): Promise<void> {
  const { spool } = contents;
  const complete = [...entries].every(
    ([index, { type, size }]) => type !== 'file' || size === 0 || spool?.ranges.has(index),
  );
  if (complete) await emitFromSpool(contents, entries, out, signal);
  else await emitFromArchive(contents, entries, out, deb, signal);
}

async function emitFromSpool(
  { entries: items, spool }: PackageContents,
  entries: ReadonlyMap<number, LayerEntry>,
  out: LayerWriter,
  signal: AbortSignal,
): Promise<void> {
  for (const { index } of items) {
    const entry = entries.get(index);
    if (!entry) continue;
    signal.throwIfAborted();
    const range = spool?.ranges.get(index);
    if (entry.type !== 'file') await out.put(entry);
    else if (range && spool) await out.put(entry, spool.bytes.read(range.offset, range.length));
    else await out.put(entry, new Uint8Array());
  }
}

/** For content that seemed to be in the image already, but goes elsewhere: beside a configuration file, for example. */
async function emitFromArchive(
  { open }: PackageContents,
  entries: ReadonlyMap<number, LayerEntry>,
  out: LayerWriter,
  deb: DebReader,
  signal: AbortSignal,
): Promise<void> {
  let index = 0;
  for await (const { content } of deb.readData(open, signal)) {
    const entry = entries.get(index++);
    if (entry) await out.put(entry, entry.type === 'file' ? content : undefined);
  }
}

/** Of sorted paths those without a removed parent, whose removal takes the rest along. */
function topmost(paths: readonly string[]): string[] {
  const removed = new Set(paths);
  return paths.filter((path) => {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      if (removed.has(path.slice(0, slash))) return false;
    }
    return true;
  });
}

function changelogsOf(packages: readonly PackageContents[]): Map<string, ReadonlySet<string>> {
  const bySource = new Map<string, ReadonlySet<string>>();
  const byPackage = new Map<string, ReadonlySet<string>>();
  for (const { upgrade, kept, old } of packages) {
    const changelog = [...kept].find(([path]) => isChangelog(path))?.[1];
    if (!changelog || !old) continue;
    const named = cvesSince(changelog, old.source.version);
    byPackage.set(upgrade.name, named);
    bySource.set(upgrade.source.name, named);
  }
  // A package whose documentation is a link to its sibling's shares the sibling's changelog.
  for (const { upgrade } of packages) {
    const shared = bySource.get(upgrade.source.name);
    if (shared && !byPackage.has(upgrade.name)) byPackage.set(upgrade.name, shared);
  }
  return byPackage;
}
