import type { Manifest } from './manifest.ts';
import type { Coordinates } from './properties.ts';

/** Coordinates that an archive holds in `META-INF/maven`. */
export interface HeldCoordinates extends Coordinates {
  readonly from: 'pom.properties' | 'pom.xml';
}

/** What one archive says about itself, and what its content shows. */
export interface ArchiveFacts {
  /** Names of the archives that lead to it, from the outside; empty for a file of the image. */
  readonly inside: readonly string[];
  readonly coordinates: readonly HeldCoordinates[];
  readonly manifest: Manifest;
  /** Libraries whose well-known classes are there, by artifact id. */
  readonly markers: readonly string[];
  /** Up to three names of the folders that hold classes; only where no coordinates are named like the archive. */
  readonly directories: readonly string[];
  /** Of the archive; only where no coordinates are named like the archive. */
  readonly sha1: string | null;
}

/** What could not be read, as a diagnostic tells it. */
export interface ArchiveProblem {
  readonly code: string;
  /** Which archive in the file; '' for the file itself. */
  readonly inside: string;
  readonly problem: string;
  readonly partial: boolean;
}

/** One archive file of a layer. */
export interface ArchiveFile {
  /** As spelled in the layer. */
  readonly path: string;
  readonly archives: readonly ArchiveFacts[];
  readonly problems: readonly ArchiveProblem[];
}

/** All archive files of one layer. */
export interface MavenFacts {
  readonly files: readonly ArchiveFile[];
  /** Files that were left out because there were too many. */
  readonly leftOut: number;
}
