import type { EntryType, FileEntry, LayerTree } from '../image/index.ts';

/**
 * A layer's tree by columns: a tenth of the size of the objects as JSON, and fast to read. Paths share their beginning
 * with the path before; ids, modes and times refer to a table of the few combinations that occur.
 */
export interface PackedTree {
  /** Characters shared with the path before, and the rest. */
  readonly shared: readonly number[];
  readonly rest: readonly string[];
  /** One letter per entry, see `letters`. */
  readonly types: string;
  /** Index into `metas`. */
  readonly meta: readonly number[];
  /** Mode, uid, gid. */
  readonly metas: readonly (readonly [number, number, number])[];
  readonly sizes: readonly number[];
  /** Difference to the entry before. */
  readonly times: readonly number[];
  /** What few entries have, by index. */
  readonly links: Readonly<Record<string, string>>;
  readonly devices: Readonly<Record<string, readonly [number, number]>>;
  readonly xattrs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly sparse: readonly number[];
  readonly whiteouts: readonly string[];
  readonly opaques: readonly string[];
}

const letters: Readonly<Record<EntryType, string>> = {
  file: 'f',
  directory: 'd',
  symlink: 'l',
  hardlink: 'h',
  char: 'c',
  block: 'b',
  fifo: 'p',
};
const typeOf = Object.fromEntries(Object.entries(letters).map(([type, letter]) => [letter, type])) as Readonly<
  Record<string, EntryType>
>;

/** The columns of a tree. */
export function packTree(tree: LayerTree): PackedTree {
  const shared: number[] = [];
  const rest: string[] = [];
  const meta: number[] = [];
  const metas: [number, number, number][] = [];
  const metaIndex = new Map<string, number>();
  const sizes: number[] = [];
  const times: number[] = [];
  const links: Record<string, string> = {};
  const devices: Record<string, [number, number]> = {};
  const xattrs: Record<string, Record<string, string>> = {};
  const sparse: number[] = [];
  let types = '';
  let path = '';
  let time = 0;
  tree.entries.forEach((entry, index) => {
    const common = commonPrefix(path, entry.path);
    shared.push(common);
    rest.push(entry.path.slice(common));
    path = entry.path;
    types += letters[entry.type];
    const key = `${entry.mode} ${entry.uid} ${entry.gid}`;
    let at = metaIndex.get(key);
    if (at === undefined) {
      at = metas.push([entry.mode, entry.uid, entry.gid]) - 1;
      metaIndex.set(key, at);
    }
    meta.push(at);
    sizes.push(entry.size);
    times.push(entry.mtime - time);
    time = entry.mtime;
    if (entry.link !== undefined) links[index] = entry.link;
    if (entry.devMajor !== undefined) devices[index] = [entry.devMajor, entry.devMinor ?? 0];
    if (entry.xattrs !== undefined) xattrs[index] = packAttributes(entry.xattrs);
    if (entry.sparse) sparse.push(index);
  });
  const { whiteouts, opaques } = tree;
  return { shared, rest, types, meta, metas, sizes, times, links, devices, xattrs, sparse, whiteouts, opaques };
}

/** The tree of its columns; undefined when they do not fit together. */
export function unpackTree(packed: PackedTree): LayerTree | undefined {
  const count = packed.types.length;
  const columns = [packed.shared, packed.rest, packed.meta, packed.sizes, packed.times];
  if (columns.some((column) => column.length !== count)) return undefined;
  const sparse = new Set(packed.sparse);
  const entries: FileEntry[] = [];
  let path = '';
  let time = 0;
  for (let index = 0; index < count; index++) {
    path = path.slice(0, packed.shared[index]) + packed.rest[index];
    time += packed.times[index] ?? 0;
    const type = typeOf[packed.types[index] ?? ''];
    const meta = packed.metas[packed.meta[index] ?? -1];
    if (type === undefined || meta === undefined) return undefined;
    const [mode, uid, gid] = meta;
    const link = packed.links[index];
    const device = packed.devices[index];
    const attributes = packed.xattrs[index];
    entries.push({
      ...{ path, type, mode, uid, gid, size: packed.sizes[index] ?? 0, mtime: time },
      ...(link !== undefined && { link }),
      ...(device !== undefined && { devMajor: device[0], devMinor: device[1] }),
      ...(attributes !== undefined && { xattrs: unpackAttributes(attributes) }),
      ...(sparse.has(index) && { sparse: true as const }),
    });
  }
  return { entries, whiteouts: packed.whiteouts, opaques: packed.opaques };
}

function commonPrefix(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}

function packAttributes(xattrs: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  return Object.fromEntries([...xattrs].map(([name, value]) => [name, Buffer.from(value).toString('base64')]));
}

function unpackAttributes(packed: Readonly<Record<string, string>>): ReadonlyMap<string, Uint8Array> {
  return new Map(Object.entries(packed).map(([name, value]) => [name, Buffer.from(value, 'base64')]));
}
