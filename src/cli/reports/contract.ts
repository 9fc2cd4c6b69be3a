import type { PackageScope } from '../../ecosystems/index.ts';
import type { ScannerName, ScanReport } from '../../findings/index.ts';
import type { ImageHandle, OpenedReference } from '../../image/index.ts';
import type { Clock, Progress } from '../../kernel/index.ts';
import type { Terminal } from '../output/terminal.ts';

/** What every command that works on scan reports is given. */
export interface ReportDeps {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly toolVersion: string;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /**
   * Opens image sources, advisories and the cache; called once, after the command line was found to be right. Without
   * advisories nothing is matched, and none need to be there.
   */
  openScanner(options?: { readonly advisories: boolean }): Promise<Scanner>;
  /** Reads a file that the user named, of at most so many bytes. */
  readFile(path: string, maxBytes: number): Promise<Uint8Array>;
  /** Writes a file whole or not at all. */
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  exit(code: number): void;
}

/** Opens and scans images, all against one advisory snapshot. */
export interface Scanner extends AsyncDisposable {
  open(reference: string, signal: AbortSignal): Promise<OpenedReference>;
  scan(
    image: ImageHandle,
    options: {
      readonly signal: AbortSignal;
      readonly progress: Progress;
      readonly verifyDiffIds: boolean;
      readonly include?: readonly PackageScope[];
      /** What to look for; default: vulnerabilities. */
      readonly scanners?: readonly ScannerName[];
      /** Name or file of the policy of the baseline. */
      readonly baselinePolicy?: string;
    },
  ): Promise<ScanReport>;
  /** Judges a bill of materials; the reference is what the user wrote. */
  scanSbom(bytes: Uint8Array, reference: string, include: readonly PackageScope[]): Promise<ScanReport>;
}
