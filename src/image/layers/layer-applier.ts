import type { Diagnostic } from '../../kernel/index.ts';
import type { FileEntry, LayerTree } from './contract.ts';
import { baseName, displayPath, joinPath, parentOf } from './names.ts';
import { impliedNode, type Resolved, resolveNode, type StepCounter, type ViewNode } from './view-node.ts';

/** An entry of a lower layer that an upper layer removed or replaced. */
export interface ShadowedEntry {
  readonly entry: FileEntry;
  readonly layer: number;
  readonly by: number;
}

/** What applying layers writes to. */
export interface ApplyTarget {
  readonly root: ViewNode;
  readonly counter: StepCounter;
  readonly shadowed: ShadowedEntry[];
  report(diagnostic: Diagnostic): void;
}

/** Lays one layer over what is there (scanning.md §1.4): first its whiteouts, then its entries. */
export function applyLayer(tree: LayerTree, layer: number, target: ApplyTarget): void {
  const applier = new LayerApplier(tree, layer, target);
  applier.whiteouts();
  for (const entry of tree.entries) applier.add(entry);
}

class LayerApplier {
  readonly #tree: LayerTree;
  readonly #layer: number;
  readonly #target: ApplyTarget;
  /** Files that whiteouts of this layer removed: hard links of the same layer may still lead to them. */
  readonly #removed = new Map<string, ViewNode>();
  /** Parents as spelled and their nodes; forgotten when a directory or link is replaced. */
  readonly #parents = new Map<string, ViewNode>();

  constructor(tree: LayerTree, layer: number, target: ApplyTarget) {
    this.#tree = tree;
    this.#layer = layer;
    this.#target = target;
  }

  whiteouts(): void {
    const { whiteouts, opaques } = this.#tree;
    if (whiteouts.length === 0 && opaques.length === 0) return;
    const directories = new Set<string>();
    for (const { type, path } of this.#tree.entries) if (type === 'directory') directories.add(path);
    for (const path of opaques) {
      const directory = this.#below(path, directories);
      if (directory?.children === undefined) continue;
      for (const child of [...directory.children.values()]) this.#remove(child);
    }
    for (const path of whiteouts) {
      const node = this.#below(parentOf(path), directories)?.children?.get(baseName(path));
      if (node !== undefined) this.#remove(node);
    }
  }

  /**
   * The directory of the layers below that a whiteout speaks of. Where this layer puts a directory in the place of a
   * link, the whiteout is about that new directory and must not reach through the old link.
   */
  #below(path: string, directories: ReadonlySet<string>): ViewNode | undefined {
    const { root, counter } = this.#target;
    const found = resolveNode(root, path, counter, (link) => (directories.has(link.path) ? 'stop' : 'follow'));
    return found !== undefined && found.missing.length === 0 ? found.node : undefined;
  }

  #remove(node: ViewNode): void {
    if (node.entry.type === 'file' || node.entry.type === 'hardlink') this.#removed.set(node.path, node);
    node.parent?.children?.delete(baseName(node.path));
    this.#shadow(node);
  }

  /** Notes everything of lower layers at and below a node that has been taken out of the tree. */
  #shadow(top: ViewNode): void {
    const open = [top];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      this.#target.counter.step();
      if (node.layer < this.#layer) {
        const entry = node.entry.path === node.path ? node.entry : { ...node.entry, path: node.path };
        this.#target.shadowed.push({ entry, layer: node.layer, by: this.#layer });
      }
      for (const child of node.children?.values() ?? []) open.push(child);
    }
  }

  add(entry: FileEntry): void {
    if (entry.path === '') {
      this.#addRoot(entry);
      return;
    }
    const spelled = parentOf(entry.path);
    const parent = this.#parent(entry, spelled);
    if (parent === undefined) return;
    const name = baseName(entry.path);
    const existing = parent.children?.get(name);
    if (existing?.children !== undefined && entry.type === 'directory') {
      existing.entry = entry;
      existing.layer = this.#layer;
      return;
    }
    const path = parent.path === spelled ? entry.path : joinPath(parent.path, name);
    // A link's target is looked up before the entry replaces anything, in case it replaces its own target.
    const node = entry.type === 'hardlink' ? this.#hardlink(entry, path, parent) : this.#plain(entry, path, parent);
    if (existing !== undefined) this.#replace(existing);
    parent.children?.set(name, node);
  }

  #plain(entry: FileEntry, path: string, parent: ViewNode): ViewNode {
    const content = entry.type === 'file' ? { layer: this.#layer, path: entry.path, size: entry.size } : undefined;
    const children = entry.type === 'directory' ? new Map<string, ViewNode>() : undefined;
    return { path, parent, entry, layer: this.#layer, content, children };
  }

  #hardlink(entry: FileEntry, path: string, parent: ViewNode): ViewNode {
    const node = { path, parent, entry, layer: this.#layer, content: undefined, children: undefined };
    const target = this.#linkTarget(entry.link ?? '');
    if (target === undefined || target.children !== undefined) {
      const message = `the hard link ${displayPath(entry.path)} leads to ${target ? 'a directory' : 'nothing'}`;
      this.#target.report({ code: 'dangling_hardlink', path: entry.path, message });
      return node;
    }
    // A second name of a symbolic link or device is one itself.
    if (target.entry.type === 'file' || target.entry.type === 'hardlink') return { ...node, content: target.content };
    return { ...node, entry: { ...target.entry, path: entry.path } };
  }

  #addRoot(entry: FileEntry): void {
    if (entry.type !== 'directory') {
      this.#suspicious(entry, 'it would replace the root directory');
      return;
    }
    this.#target.root.entry = entry;
    this.#target.root.layer = this.#layer;
  }

  #replace(existing: ViewNode): void {
    this.#shadow(existing);
    // Resolved parents may lead through what is gone now.
    if (existing.children !== undefined || existing.entry.type === 'symlink') this.#parents.clear();
  }

  #parent(entry: FileEntry, spelled: string): ViewNode | undefined {
    const known = this.#parents.get(spelled);
    if (known !== undefined) return known;
    const resolved = resolveNode(this.#target.root, spelled, this.#target.counter);
    if (resolved === undefined) {
      this.#suspicious(entry, 'its directory is a chain of links without end');
      return undefined;
    }
    const node = this.#directory(resolved, entry);
    this.#parents.set(spelled, node);
    return node;
  }

  /** Makes what is missing of a path; a file in the way gives place to a directory. */
  #directory(resolved: Resolved, entry: FileEntry): ViewNode {
    let { node } = resolved;
    if (node.children === undefined) {
      this.#suspicious(entry, `${displayPath(node.path)} on its way is not a directory; it was replaced`);
      this.#shadow(node);
      const replacement = impliedNode(node.path, node.parent, this.#layer);
      node.parent?.children?.set(baseName(node.path), replacement);
      node = replacement;
    }
    for (const name of resolved.missing) {
      this.#target.counter.step();
      const child = impliedNode(joinPath(node.path, name), node, this.#layer);
      node.children?.set(name, child);
      node = child;
    }
    return node;
  }

  #linkTarget(link: string): ViewNode | undefined {
    const resolved = resolveNode(this.#target.root, parentOf(link), this.#target.counter);
    if (resolved === undefined || link === '') return undefined;
    const name = baseName(link);
    const present = resolved.missing.length === 0 ? resolved.node.children?.get(name) : undefined;
    if (present !== undefined || this.#removed.size === 0) return present;
    return this.#removed.get(joinPath(resolved.missing.reduce(joinPath, resolved.node.path), name));
  }

  #suspicious(entry: FileEntry, why: string): void {
    const message = `${displayPath(entry.path)} cannot be placed: ${why}`;
    this.#target.report({ code: 'suspicious_archive', path: entry.path, message, partial: true });
  }
}
