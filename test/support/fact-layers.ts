import type { LayerFacts } from '../../src/ecosystems/index.ts';
import {
  buildUnionView,
  digestOf,
  type FileEntry,
  type LayerTree,
  type LayerVisitor,
  type UnionView,
} from '../../src/image/index.ts';

/** Files of one layer: text, a link (`{ link }`), or null for a whiteout. */
export type LayerFiles = Readonly<Record<string, string | Uint8Array | { readonly link: string } | null>>;

/** Layers made of literals, shown to a visitor as a walk would, without archives in between. */
export async function factLayers<F>(
  visitor: () => LayerVisitor<F>,
  layers: readonly LayerFiles[],
): Promise<{ layers: LayerFacts<F>[]; view: UnionView }> {
  const result: LayerFacts<F>[] = [];
  for (const [index, files] of layers.entries()) {
    const looking = visitor();
    const entries: FileEntry[] = [];
    const whiteouts: string[] = [];
    for (const [path, content] of Object.entries(files)) {
      if (content === null) whiteouts.push(path);
      else await show(looking, entries, path, content);
    }
    const tree: LayerTree = { entries, whiteouts, opaques: [] };
    result.push({ layer: index, digest: digestOf(`layer ${index}`), tree, facts: looking.finish() });
  }
  return { layers: result, view: buildUnionView(result.map(({ tree }) => tree)) };
}

async function show<F>(
  visitor: LayerVisitor<F>,
  entries: FileEntry[],
  path: string,
  content: NonNullable<LayerFiles[string]>,
): Promise<void> {
  // Programs are told by their mode.
  const mode = path.includes('bin/') ? 0o755 : 0o644;
  const common = { path, mode, uid: 0, gid: 0, mtime: 0 };
  if (typeof content === 'object' && 'link' in content) {
    entries.push({ ...common, type: 'symlink', size: 0, link: content.link });
    return;
  }
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const entry: FileEntry = { ...common, type: 'file', size: bytes.length };
  entries.push(entry);
  const interest = visitor.wants(entry);
  if (interest === 'skip') return;
  if (interest === 'sink') {
    const sink = visitor.sink?.(entry);
    sink?.chunk(bytes);
    sink?.end();
    return;
  }
  if (interest === 'head') {
    const head = bytes.subarray(0, 8192);
    return visitor.file(entry, { kind: 'bytes', bytes: head, truncated: head.length < bytes.length });
  }
  if (interest === 'whole') return visitor.file(entry, { kind: 'bytes', bytes, truncated: false });
  const half = bytes.length >> 1;
  const chunks = (async function* () {
    yield bytes.subarray(0, half);
    yield bytes.subarray(half);
  })();
  await visitor.file(entry, { kind: 'stream', chunks });
}
