import { isDeepStrictEqual } from 'node:util';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { ReportPackage, ScanReport } from '../report.ts';
import { FactsError } from './errors.ts';

/** What of a report cannot be derived from facts again. */
export interface ScanRecord {
  readonly report: Omit<ScanReport, 'packages' | 'findings' | 'counts' | 'advisories'>;
  /** Snapshot that the scan itself used. */
  readonly snapshot: string;
  /** Only where the list does not follow from the component sets: several places in an odd order, owned files. */
  readonly packages?: readonly ReportPackage[];
}

/** Far more than any report; what unpacks to more is damaged. */
const maxBytes = 256 * 1024 * 1024;

/**
 * Packs what of a report must be kept.
 * @param derived the package list as it follows from the sets.
 */
export function encodeRecord(report: ScanReport, derived: readonly ReportPackage[]): Uint8Array {
  const { packages, findings: _findings, counts: _counts, advisories, ...rest } = report;
  const record: ScanRecord = {
    report: rest,
    snapshot: advisories.snapshot,
    ...(isDeepStrictEqual(normal(packages), normal(derived)) ? {} : { packages }),
  };
  return zstdCompressSync(JSON.stringify(record));
}

function normal(packages: readonly ReportPackage[]): unknown {
  return JSON.parse(JSON.stringify(packages));
}

/** Reads what `encodeRecord` packed. @throws FactsError `facts_damaged` */
export function decodeRecord(bytes: Uint8Array): ScanRecord {
  try {
    return JSON.parse(zstdDecompressSync(bytes, { maxOutputLength: maxBytes }).toString()) as ScanRecord;
  } catch (cause) {
    const hint = 'Scan the image again.';
    throw new FactsError('facts_damaged', 'the stored report of an image cannot be read', { cause, hint });
  }
}
