import { diversionRecords, ownerKey, readChecksumLine } from '../ecosystems/index.ts';
import { decodeName, type FileContent, type FileEntry, type LayerVisitor, type UnionView } from '../image/index.ts';
import type { DetectedLayer, DetectorAnalysis } from './contract.ts';

/** What the dpkg databases of one layer say of the content of files, as written. */
export interface ChecksumFacts {
  /** `info/<package>.md5sums`, and those beside the records of `status.d`. */
  readonly sums: readonly ChecksumText[];
  /** `diversions`: files that another package, or an administrator, moved aside. */
  readonly diversions: readonly ChecksumText[];
  /** Lists beyond the limits. */
  readonly leftOut: number;
}

/** One file of a database. */
export interface ChecksumText {
  /** As spelled in the layer. */
  readonly path: string;
  readonly text: string;
}

/** Bytes of one list; the largest real one has 2 MiB. */
const checksumListBytes = 4 * 1024 * 1024;
/** Bytes of all lists of one layer. */
const layerChecksumBytes = 32 * 1024 * 1024;
/** Files of all lists together; the rest has no checksum. */
const maxChecksums = 2_000_000;

/** Reads the checksums that packages were installed with. Anybody who may change a file may change these as well. */
export const packageChecksums: DetectorAnalysis = {
  id: 'package-checksums',
  version: 1,
  visitor: checksumVisitor,
};

function checksumVisitor(): LayerVisitor<ChecksumFacts> {
  const sums = new Map<string, ChecksumText>();
  const diversions = new Map<string, ChecksumText>();
  let kept = 0;
  let leftOut = 0;
  return {
    id: packageChecksums.id,
    version: packageChecksums.version,
    wants({ path, type, size }: FileEntry) {
      if (type !== 'file' || !(isChecksumList(path) || isDiversionList(path))) return 'skip';
      if (size <= checksumListBytes && kept + size <= layerChecksumBytes) return 'whole';
      leftOut++;
      return 'skip';
    },
    file({ path }: FileEntry, content: FileContent) {
      if (content.kind !== 'bytes') return;
      kept += content.bytes.length;
      (isDiversionList(path) ? diversions : sums).set(path, { path, text: decodeName(content.bytes) });
    },
    finish: () => ({ sums: [...sums.values()], diversions: [...diversions.values()], leftOut }),
  };
}

/** Links may lead to a database from where dpkg looks, so only the last names count. */
function isChecksumList(path: string): boolean {
  if (!path.endsWith('.md5sums')) return false;
  const directory = path.slice(0, path.lastIndexOf('/'));
  return directory.endsWith('dpkg/info') || directory.endsWith('status.d');
}

function isDiversionList(path: string): boolean {
  return path.endsWith('dpkg/diversions');
}

/** The checksum that a package says one of its files has. */
export interface PackageChecksum {
  /** Name of the package, with `:<architecture>` where dpkg wrote one. */
  readonly package: string;
  /** Hex, lower case. */
  readonly md5: string;
}

/** Checksums of files of the final file system. */
export interface PackageChecksums {
  /** By canonical path; undefined where no list names it. Configuration files are in no list. */
  of(path: string): PackageChecksum | undefined;
  /** Whether a diversion names the path as what is moved away, or as where it is moved to. */
  diverted(path: string): boolean;
  /** Lists that were not read: files without a checksum may then have one. */
  readonly leftOut: number;
}

/** Brings the lists of all layers together: those that the final file system has. The index is built with the first question. */
export function readPackageChecksums(
  layers: readonly Pick<DetectedLayer, 'facts'>[],
  view: UnionView,
): PackageChecksums {
  const facts = layers.map(({ facts }) => facts.get(packageChecksums.id) as ChecksumFacts | undefined);
  let index: ReadonlyMap<string, PackageChecksum> | undefined;
  let moved: ReadonlySet<string> | undefined;
  return {
    of(path) {
      index ??= indexSums(present(facts, (layer) => layer.sums, view));
      return index.get(ownerKey(path));
    },
    diverted(path) {
      moved ??= indexDiversions(present(facts, (layer) => layer.diversions, view));
      return moved.has(ownerKey(path));
    },
    leftOut: facts.reduce((sum, layer) => sum + (layer?.leftOut ?? 0), 0),
  };
}

/** Those texts whose file the final file system has. */
function* present(
  facts: readonly (ChecksumFacts | undefined)[],
  textsOf: (layer: ChecksumFacts) => readonly ChecksumText[],
  view: UnionView,
): Generator<ChecksumText> {
  for (const [number, layer] of facts.entries()) {
    for (const text of layer === undefined ? [] : textsOf(layer)) {
      const content = view.entry(text.path)?.content;
      if (content?.layer === number && content.path === text.path) yield text;
    }
  }
}

function indexSums(texts: Iterable<ChecksumText>): ReadonlyMap<string, PackageChecksum> {
  const index = new Map<string, PackageChecksum>();
  for (const { path, text } of texts) {
    const owner = path.slice(path.lastIndexOf('/') + 1, -'.md5sums'.length);
    for (const line of text.split('\n')) {
      const sum = readChecksumLine(line);
      if (sum === undefined) continue;
      if (index.size >= maxChecksums) return index;
      index.set(ownerKey(sum.path), { package: owner, md5: sum.md5 });
    }
  }
  return index;
}

function indexDiversions(texts: Iterable<ChecksumText>): ReadonlySet<string> {
  const moved = new Set<string>();
  for (const { text } of texts) {
    for (const [from, to] of diversionRecords(text.split('\n'))) {
      for (const path of [from, to]) if (path.startsWith('/') && moved.size < maxChecksums) moved.add(ownerKey(path));
    }
  }
  return moved;
}
