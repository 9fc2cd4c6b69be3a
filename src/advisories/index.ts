export { type BundledPackage, encodeFacts } from './bundled/format.ts';
export type {
  AdvisoryIndex,
  AdvisorySnapshot,
  FixState,
  MatchResult,
  Severity,
  SeverityLevel,
  VulnerabilityMatch,
} from './contract.ts';
export { readArchive as readOsvArchive } from './feeds/osv.ts';
export type { OsvRecord } from './feeds/osv-record.ts';
export { openAdvisoryIndex } from './open-index.ts';
