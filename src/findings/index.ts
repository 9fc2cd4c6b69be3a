export { type Baseline, createBaseline } from './compare/baseline.ts';
export { comparePackages, versionsOf } from './compare/compare-packages.ts';
export { compareReports } from './compare/compare-reports.ts';
export type {
  ChangedPackage,
  ChangeReason,
  ComparedFinding,
  ComparedImage,
  LevelTotals,
  ReportComparison,
} from './compare/contract.ts';
export { countFindings, isCounted } from './counts.ts';
export { applyDecisions } from './decisions/apply.ts';
export type {
  IgnoreFile,
  IgnoreRule,
  ReportDecisions,
  VexAssertion,
  VexDocument,
  VexProduct,
} from './decisions/contract.ts';
export { loadIgnoreFile } from './decisions/load.ts';
export { packageUrlParts } from './decisions/product.ts';
export { readVex } from './decisions/vex/read-vex.ts';
export { buildCycloneDx, type CycloneDxDocument } from './documents/cyclonedx.ts';
export { type ImageIdentity, imagePurl, repositoryOf } from './documents/image-purl.ts';
export { type LayerFacts, layersByDigest } from './documents/layers.ts';
export {
  buildOpenVex,
  type OpenVexDocument,
  openVexContext,
  type VexStatement,
  type VexVerdict,
  vexJustifications,
  vexStatementsOf,
} from './documents/openvex.ts';
export { groupBy, packagesByPurl, upgradeName } from './documents/packages.ts';
export { uuidFor } from './documents/stable-id.ts';
export { adviceFor, documentText } from './documents/text.ts';
export { toRelativeUri } from './documents/uri.ts';
export { byCode, codeOf, findingKinds, fixStates, priorities, severityLevels } from './facts/codes.ts';
export { type CountedMatch, type CountedPackage, CountingTable } from './facts/counting-table.ts';
export {
  covers,
  type DecidedFinding,
  type DecidedImage,
  decisionsFor,
  type ImageDecider,
  isInForce,
} from './facts/decisions.ts';
export { FactsError, type FactsErrorCode } from './facts/errors.ts';
export {
  derivedPurl,
  installedPackage,
  osRelease,
  type PackageIdentity,
  packageHash,
  type ReleaseIdentity,
  releaseHash,
  storable,
  textHash,
} from './facts/identity.ts';
export {
  type EvidenceSet,
  type ImageFacts,
  imageFacts,
  locatedPackages,
  plainPackage,
} from './facts/image-facts.ts';
export {
  diffMatches,
  type MatchDiff,
  type MatchFacts,
  matchFacts,
  type StoredMatch,
  type VulnerabilityFacts,
  vulnerabilityFacts,
} from './facts/match-facts.ts';
export { decodeMembers, encodeMembers, setHash, sortedIds } from './facts/members.ts';
export { decodeRecord, type ScanRecord } from './facts/scan-record.ts';
export { type ImageTally, rankOf } from './facts/tally.ts';
export { vulnerabilityKey } from './facts/vulnerability-key.ts';
export type { CveTotals, FixReport, FixStage, FixStatus, ReportOutcome } from './fix-report.ts';
export type { Evidence, GateVerdict, Policy, RuleVerdict } from './gate/contract.ts';
export { PolicyError } from './gate/errors.ts';
export { evaluatePolicy } from './gate/evaluate.ts';
export { parsePolicy, policyBytes } from './gate/parse-policy.ts';
export type { Ignored } from './ignored.ts';
export { bySeverity, levelOfFinding, levelsWorstFirst, reachesThreshold, type Threshold } from './levels.ts';
export { nameOfFinding, packageOfFinding, placeOfFinding, riskAdvice, riskWord, uncountedWords } from './naming.ts';
export type * from './ports.ts';
export type { FieldTest, Filter, FlagField, Grain, NumberField, Sort, TextField } from './query/contract.ts';
export { QueryError, type QueryErrorCode } from './query/errors.ts';
export {
  checkFilter,
  type FieldInfo,
  filterLimits,
  formatFilter,
  parseFilter,
} from './query/grammar/index.ts';
export * from './query/index.ts';
export type {
  EstateContent,
  EstateMatch,
  EstatePackage,
  EstateRevisions,
  EstateRisk,
  EstateRiskContent,
  EstateRule,
  EstateSet,
  EstateSource,
  EstateVulnerability,
} from './query/ports.ts';
export type {
  EvidenceFacts,
  FindingFacts,
  FindingRowSource,
  ImageRow,
  ImageRowSource,
  RowBlock,
  RowImage,
  RowOrder,
  RowPins,
  RowSources,
  RuleFacts,
  SeverityCount,
  VulnerabilityRow,
  VulnerabilityRowSource,
} from './query/row-source.ts';
export {
  type Finding,
  isVulnerability,
  type LevelCounts,
  type ReportLayer,
  type ReportPackage,
  type ScannerName,
  type ScanReport,
  type SeverityCounts,
  scannerNames,
  type VulnerabilityFinding,
  vulnerabilitiesIn,
} from './report.ts';
export type { BaselineFinding, MaliciousFinding, RiskFinding, SensitiveFinding } from './risk-findings.ts';
export {
  coversRisk,
  type DecidedRisk,
  ignoredRisk,
  isRiskRule,
  type RiskDecider,
  riskDecisionsFor,
} from './risks/decide.ts';
export {
  type RiskCondition,
  type RiskKind,
  type RiskVerdict,
  riskKinds,
  riskLevels,
  riskVerdicts,
} from './risks/kinds.ts';
export { decodeRiskMembers, encodeRiskMembers } from './risks/members.ts';
export { placeInImage } from './risks/place.ts';
export type * from './risks/ports.ts';
export {
  kindOfRisk,
  type RiskFacts,
  type RiskHead,
  riskFacts,
  riskFinding,
  riskHash,
} from './risks/risk-facts.ts';
export { type RiskDetector, riskDetectorOf, type ScannedRisks } from './risks/scanned.ts';
export { noRisks, type RiskLevels, type RiskTally, tallyOfRisks } from './risks/tally.ts';
export { readSavedReport } from './saved-report.ts';
