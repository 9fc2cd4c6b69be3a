export type {
  AdvisoryIndex,
  AdvisorySnapshot,
  FixState,
  MatchResult,
  Severity,
  SeverityLevel,
  VulnerabilityMatch,
} from './contract.ts';
