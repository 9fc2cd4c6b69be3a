import type { FileEntry, ViewEntry } from './contract.ts';
import { joinPath } from './names.ts';

/** A place in the merged file system. The tree is changed while layers are applied and only read afterwards. */
export interface ViewNode {
  /** Canonical path. */
  readonly path: string;
  readonly parent: ViewNode | undefined;
  /** Metadata as its layer has it; its own `path` may spell the way here differently. */
  entry: FileEntry;
  layer: number;
  /** Where the content of a file or hard link lies. */
  content: ViewEntry['content'];
  /** Names below a directory; undefined for everything else. */
  children: Map<string, ViewNode> | undefined;
}

/** Owner and mode that unpackers give to a directory which no layer mentions. */
const impliedDirectory = { type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 } as const;

/** A directory that exists only because something lies in it. */
export function impliedNode(path: string, parent: ViewNode | undefined, layer: number): ViewNode {
  return { path, parent, entry: { path, ...impliedDirectory }, layer, content: undefined, children: new Map() };
}

/** What the outside sees of a node. */
export function toViewEntry(node: ViewNode): ViewEntry {
  return { ...node.entry, path: node.path, layer: node.layer, content: node.content };
}

/** Symbolic links followed in one lookup, as in Linux. */
export const maxHops = 40;

/** Counts the steps of all lookups of a build, so that a hostile image cannot make it last for hours. */
export interface StepCounter {
  /** @throws LayerError `too_large` */
  step(): void;
}

/** The end of a walk along a path. */
export interface Resolved {
  /** The deepest node that exists. */
  readonly node: ViewNode;
  /** Names below it that do not exist. */
  readonly missing: readonly string[];
}

/** What a walk may ask at a symbolic link: `follow` it, or `stop`, which makes the walk end with undefined. */
export type LinkRule = (link: ViewNode) => 'follow' | 'stop';

const follow: LinkRule = () => 'follow';

/**
 * Walks a path from the root through links, as `chroot` would: `..` at the root stays there and absolute targets
 * start there. Nothing of the host is involved. Undefined for a cycle, for more than 40 links, and where `rule` says so.
 */
export function resolveNode(
  root: ViewNode,
  path: string,
  counter: StepCounter,
  rule: LinkRule = follow,
): Resolved | undefined {
  const todo = path === '' ? [] : path.split('/').reverse();
  let node = root;
  let missing: string[] = [];
  let hops = 0;
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    counter.step();
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (missing.length > 0) missing.pop();
      else node = node.parent ?? node;
      continue;
    }
    const child: ViewNode | undefined = missing.length > 0 ? undefined : node.children?.get(name);
    if (child === undefined) {
      missing.push(name);
    } else if (child.entry.type !== 'symlink') {
      node = child;
    } else {
      if (++hops > maxHops || rule(child) === 'stop') return undefined;
      const target = child.entry.link ?? '';
      if (target.startsWith('/')) node = root;
      missing = [];
      for (const part of target.split('/').reverse()) todo.push(part);
    }
  }
  return { node, missing };
}

/** The canonical path that a walk ended at, whether it exists or not. */
export function pathOf(resolved: Resolved): string {
  return resolved.missing.reduce(joinPath, resolved.node.path);
}
