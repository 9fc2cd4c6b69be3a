import type { BlobStore, LayerEntry, LayerWriter } from '../../../../image/index.ts';
import { hasCode } from '../../../../kernel/index.ts';
import type { AppliedChange, PreparedChange } from '../../../fix-contract.ts';
import type { DebReader } from '../../deb/contract.ts';
import { cvesSince, isChangelog } from '../changelog.ts';
import type { ApplyContext } from './context.ts';
import type { PackageContents } from './package-contents.ts';

/** The decided change; writing it twice gives the same entries. */
export function createPreparedChange(
  context: ApplyContext,
  deps: { readonly blobs: BlobStore; readonly deb: DebReader },
): PreparedChange {
  return {
    async emit(out, signal): Promise<AppliedChange> {
      const { draft, packages } = context;
      for (const [place, contents] of packages.entries()) {
        const entries = draft.fromPackages[place];
        if (entries) await emitPackage(contents, entries, out, deps, signal);
      }
      for (const { entry, bytes } of draft.derived.values()) {
        signal.throwIfAborted();
        await out.put(entry, entry.type === 'file' ? bytes : undefined);
      }
      for (const path of topmost(draft.removed())) await out.remove(path);
      for (const { entry, bytes } of draft.database.values()) await out.put(entry, bytes);
      await discardSpools(packages, deps.blobs);
      return { diagnostics: draft.diagnostics, changelogs: changelogsOf(packages) };
    },
  };
}

/** Removes what was unpacked; a later need reads the packages again. */
export async function discardSpools(packages: readonly PackageContents[], blobs: BlobStore): Promise<void> {
  for (const { spool } of packages) if (spool) await blobs.remove(spool.digest);
}

async function emitPackage(
  contents: PackageContents,
  entries: ReadonlyMap<number, LayerEntry>,
  out: LayerWriter,
  { blobs, deb }: { readonly blobs: BlobStore; readonly deb: DebReader },
  signal: AbortSignal,
): Promise<void> {
  const { spool } = contents;
  const complete = [...entries].every(
    ([index, { type, size }]) => type !== 'file' || size === 0 || spool?.ranges.has(index),
  );
  if (!complete || !(await emitFromSpool(contents, entries, out, blobs, signal))) {
    await emitFromArchive(contents, entries, out, deb, signal);
  }
}

/** False when the spooled content is gone, which happens when the same change was written before. */
async function emitFromSpool(
  { entries: items, spool }: PackageContents,
  entries: ReadonlyMap<number, LayerEntry>,
  out: LayerWriter,
  blobs: BlobStore,
  signal: AbortSignal,
): Promise<boolean> {
  let reader: RangeReader | undefined;
  if (spool) {
    try {
      reader = new RangeReader(await blobs.open(spool.digest, signal));
    } catch (error) {
      if (hasCode(error, 'blob_not_found')) return false;
      throw error;
    }
  }
  for (const { index } of items) {
    const entry = entries.get(index);
    if (!entry) continue;
    signal.throwIfAborted();
    const range = spool?.ranges.get(index);
    if (entry.type !== 'file') await out.put(entry);
    else if (range && reader) await out.put(entry, reader.range(range.offset, range.length));
    else await out.put(entry, new Uint8Array());
  }
  await reader?.finish();
  return true;
}

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

/** Ascending ranges of one stream, read once. */
class RangeReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();
  #position = 0;

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  async *range(offset: number, length: number): AsyncGenerator<Uint8Array> {
    let skip = offset - this.#position;
    let left = length;
    while (left > 0) {
      if (this.#chunk.length === 0) {
        const next = await this.#chunks.next();
        if (next.done) throw new Error('the spooled content ends too early');
        this.#chunk = next.value;
      }
      const skipped = Math.min(skip, this.#chunk.length);
      const taken = skip > skipped ? 0 : Math.min(left, this.#chunk.length - skipped);
      const part = this.#chunk.subarray(skipped, skipped + taken);
      this.#chunk = this.#chunk.subarray(skipped + taken);
      this.#position += skipped + taken;
      skip -= skipped;
      left -= taken;
      if (taken > 0) yield part;
    }
  }

  /** Reads to the end, so that the store can tell whether the bytes were damaged. */
  async finish(): Promise<void> {
    for (let next = await this.#chunks.next(); !next.done; next = await this.#chunks.next());
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
