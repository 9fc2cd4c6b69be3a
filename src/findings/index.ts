export type { CveTotals, FixReport, FixStage, FixStatus, ReportOutcome } from './fix-report.ts';
export type {
  Finding,
  LevelCounts,
  ReportLayer,
  ReportPackage,
  ScanReport,
  SeverityCounts,
  VulnerabilityFinding,
} from './report.ts';
