import { displayPath, type FileContent, type FileEntry, type LayerVisitor } from '../image/index.ts';
import type { Diagnostic } from '../kernel/index.ts';
import type { Cataloger, CatalogInput, CatalogResult, InstalledPackage } from './contract.ts';
import { findEvidence } from './evidence.ts';

/** What one evidence file says; JSON. */
export interface ParsedFile<P> {
  readonly packages: readonly P[];
  /** What is wrong with the file; packages that could be read stay. */
  readonly problem?: string;
  /** The problem may hide packages. */
  readonly partial?: true;
}

/** What a package is but for its place; a sentence where its text is no name or version. */
export type Identified =
  | Omit<InstalledPackage, 'locations' | 'ownedBy' | 'held' | 'cataloger'>
  | { readonly problem: string };

/** How one world's evidence files are found and read. */
export interface FileEvidence<P> {
  readonly id: string;
  /** Raised whenever `wants` or `parse` answer differently. */
  readonly version: number;
  /** Asked for every path of every layer. */
  wants(path: string): boolean;
  /** Reads no more than the first 8 KiB. */
  readonly head?: true;
  /** Larger files are reported and not read. */
  readonly maxBytes: number;
  /**
   * Never throws.
   * @returns undefined when the file is of another kind.
   */
  parse(bytes: Uint8Array, path: string): ParsedFile<P> | undefined;
  /** @param path of the evidence in the final file system. */
  identify(found: P, path: string): Identified;
}

/** One file of one layer, as facts. */
interface FactFile<P> extends ParsedFile<P> {
  /** As spelled in the layer. */
  readonly path: string;
}

export interface FileFacts<P> {
  readonly files: readonly FactFile<P>[];
  /** More files or packages than are kept. */
  readonly truncated?: true;
}

/** Bounds of the facts of one layer and of what is told about them. */
const limits = { files: 100_000, packages: 200_000, diagnostics: 1000 } as const;

/**
 * A cataloger of packages that files prove, each file for itself: installed where the file is in the final file system
 * (scanning.md §3.2).
 */
export function fileCataloger<P>(evidence: FileEvidence<P>): Cataloger<FileFacts<P>> {
  const { id, version } = evidence;
  return {
    id,
    analysis: { id, version, visitor: () => fileVisitor(evidence) },
    coalesce: (input) => coalesce(evidence, input),
  };
}

function fileVisitor<P>(evidence: FileEvidence<P>): LayerVisitor<FileFacts<P>> {
  // By path: of two entries of one layer with the same name, the last is what an unpacker leaves.
  const files = new Map<string, FactFile<P>>();
  let packages = 0;
  let truncated = false;
  return {
    id: evidence.id,
    version: evidence.version,
    wants({ type, path, size }: FileEntry) {
      if (type !== 'file' || !evidence.wants(path)) return 'skip';
      files.delete(path);
      if (evidence.head) return 'head';
      if (size <= evidence.maxBytes) return 'whole';
      files.set(path, { path, packages: [], problem: `it is larger than ${evidence.maxBytes} bytes`, partial: true });
      return 'skip';
    },
    file({ path }: FileEntry, content: FileContent) {
      if (content.kind !== 'bytes') return;
      const parsed = evidence.parse(content.bytes, path);
      if (parsed === undefined) return;
      packages += parsed.packages.length;
      if (files.size >= limits.files || packages > limits.packages) truncated = true;
      else files.set(path, { path, ...parsed });
    },
    finish: () => ({ files: [...files.values()], ...(truncated && { truncated: true }) }),
  };
}

function coalesce<P>(evidence: FileEvidence<P>, input: CatalogInput<FileFacts<P>>): CatalogResult {
  const packages: InstalledPackage[] = [];
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => {
    if (diagnostics.length < limits.diagnostics) diagnostics.push(diagnostic);
  };
  for (const { digest, facts } of input.layers) {
    if (facts.truncated !== true) continue;
    const message = `layer ${digest} has too many files of ${evidence.id}; the rest was not read`;
    report({ code: 'too_many_packages', layer: digest, message, partial: true });
  }
  for (const { file, path, layer, scope } of findEvidence(input, (facts: FileFacts<P>) => facts.files)) {
    const present = scope === 'installed';
    if (present && file.problem !== undefined) {
      const message = `${displayPath(path)}: ${file.problem}`;
      report({ code: 'package_invalid_metadata', path, layer, message, ...(file.partial && { partial: true }) });
    }
    for (const item of file.packages) {
      const found = evidence.identify(item, path);
      if (!('problem' in found)) {
        const removed = present ? {} : { scope: 'removed' as const };
        packages.push({ ...found, ...removed, locations: [{ path, layer }], ownedBy: null, held: false });
      } else if (present) {
        const message = `${displayPath(path)}: ${found.problem}`;
        report({ code: 'package_invalid_metadata', path, layer, message, partial: true });
      }
    }
  }
  return { packages, diagnostics };
}
