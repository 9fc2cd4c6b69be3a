import type { AuditData } from '../cargo/audit-data.ts';
import type { Hit } from '../generic/contract.ts';
import type { GoFacts } from '../golang/probe.ts';

/** What one executable, library or version file of one layer tells about itself. */
export interface BinaryFile {
  /** As spelled in the layer. */
  readonly path: string;
  /** An ELF file that can be started: when nothing else explains it, it is counted as not identified. */
  readonly program?: true;
  /** Packed by UPX: nothing inside can be seen. */
  readonly packed?: true;
  readonly go?: GoFacts;
  readonly rust?: { readonly lists: readonly AuditData[]; readonly damaged: boolean };
  readonly hits?: readonly Hit[];
}

export interface BinaryFacts {
  /** Files with anything to tell, in the order of the layer. */
  readonly files: readonly BinaryFile[];
  /** Files beyond the limits, about which nothing is kept. */
  readonly dropped: number;
}
