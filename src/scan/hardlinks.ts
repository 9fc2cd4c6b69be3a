import type { FileEntry, Interest, LayerTree, LayerVisitor } from '../image/index.ts';

type Visitor = LayerVisitor<unknown>;

/** Other names of files by the path of the file, as entries that visitors can be asked about. */
export type Aliases = ReadonlyMap<string, readonly FileEntry[]>;

/**
 * Hard links whose names a visitor looks for while it skips the name of the file itself. A walk shows content under the
 * file's own name only, and stores of package managers (pnpm) keep files under names that say nothing.
 * @param visitors fresh ones: they are asked out of order.
 */
export function wantedAliases(tree: LayerTree, visitors: readonly Visitor[]): Aliases {
  const links = tree.entries.filter(({ type }) => type === 'hardlink');
  const aliases = new Map<string, FileEntry[]>();
  if (links.length === 0) return aliases;
  const named = new Set(links.map(({ link }) => link));
  const files = new Map<string, FileEntry>();
  for (const entry of tree.entries) if (entry.type === 'file' && named.has(entry.path)) files.set(entry.path, entry);
  for (const { path, link = '' } of links) {
    const file = files.get(link);
    if (file === undefined) continue;
    const alias: FileEntry = { ...file, path };
    if (!visitors.some((visitor) => isWanted(visitor, alias) && !isWanted(visitor, file))) continue;
    const known = aliases.get(link);
    if (known === undefined) aliases.set(link, [alias]);
    else known.push(alias);
  }
  return aliases;
}

/** A visitor that sees files under their own and all other names. A stream can be read only once: the first name wins. */
export function underAllNames(visitor: Visitor, aliases: Aliases): Visitor {
  const { id, version } = visitor;
  const wanted = new Map<string, FileEntry[]>();
  return {
    id,
    version,
    wants(entry) {
      let most: Interest = 'skip';
      const names = [entry, ...(aliases.get(entry.path) ?? [])].filter((name) => {
        const interest = visitor.wants(name);
        if (ranks[interest] > ranks[most]) most = interest;
        return interest !== 'skip';
      });
      if (names.length > 0) wanted.set(entry.path, names);
      return most;
    },
    async file(entry, content) {
      const names = wanted.get(entry.path) ?? [];
      wanted.delete(entry.path);
      for (const name of content.kind === 'stream' ? names.slice(0, 1) : names) await visitor.file(name, content);
    },
    ...(visitor.sink && {
      sink(entry: FileEntry) {
        const [name = entry] = wanted.get(entry.path) ?? [];
        wanted.delete(entry.path);
        return (visitor.sink as NonNullable<Visitor['sink']>)(name);
      },
    }),
    finish: () => visitor.finish(),
  };
}

const ranks: Readonly<Record<Interest, number>> = { skip: 0, head: 1, whole: 2, stream: 3, sink: 4 };

function isWanted(visitor: Visitor, entry: FileEntry): boolean {
  try {
    return visitor.wants(entry) !== 'skip';
  } catch {
    return false;
  }
}
