import type { PlacedConffiles } from './conffiles.ts';
import type { PlacedPackage } from './entries.ts';
import type { PackageContents } from './package-contents.ts';

/** A package with everything decided about it. */
export interface PlacedContents {
  readonly contents: PackageContents;
  readonly placed: PlacedPackage;
  readonly conffiles: PlacedConffiles;
}
