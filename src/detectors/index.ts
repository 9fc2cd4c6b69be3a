export { allChecks, checkById } from './baseline/catalogue.ts';
export { classTitles, nameTitles } from './baseline/classes.ts';
export type { Check } from './baseline/contract.ts';
export { builtInPolicies } from './baseline/policies.ts';
export { readPolicyFile } from './baseline/policy/policy-file.ts';
export { type BaselinePolicy, type BaselineSettings, defaultBaselineSettings } from './baseline/settings.ts';
export type {
  BaselineResult,
  DetectedImage,
  DetectedLayer,
  Detection,
  DetectionInput,
  Detector,
  DetectorAnalysis,
  DetectorId,
  FailedCheck,
  MaliciousFile,
  MaliciousLevel,
  RiskEvidence,
  RiskLevel,
  SensitiveFile,
  Text,
} from './contract.ts';
export { createDetectors } from './detectors.ts';
export { detectorGeneration } from './generation.ts';
export { type HistoryEntry, type ImageSettings, readImageSettings } from './image-settings.ts';
export { bundledRules } from './malware/bundled/index.ts';
export type {
  CompiledRules,
  ContentScan,
  OutsideEngine,
  OutsideHit,
  OutsideVerdict,
  RejectedRule,
  RuleHit,
  RuleSet,
  RuleSource,
  ScannedFile,
} from './malware/contract.ts';
export { compileRules } from './malware/engine/compile.ts';
export { fileType } from './malware/engine/file-type.ts';
export { ruleFacts } from './malware/engine/rule-facts.ts';
export { EngineError } from './malware/engines/errors.ts';
export { fileKey, maxObjectBytes, type OutsideRules, rulesForOutside } from './malware/engines/outside-rules.ts';
export { type FeedRequest, sourcesOf } from './malware/feeds/build-feed.ts';
export type {
  CompileRules,
  FeedFile,
  FeedState,
  GenerationDraft,
  RuleFeed,
  RuleFile,
  RuleGeneration,
  RuleStore,
  SkippedFile,
} from './malware/feeds/contract.ts';
export { RuleFeedError } from './malware/feeds/errors.ts';
export { type FormatName, formatNames, mayHoldRules } from './malware/feeds/formats.ts';
export { termsOf } from './malware/feeds/licences.ts';
export { feedLimits } from './malware/feeds/limits.ts';
export { damaged, readManifest, writeManifest } from './malware/feeds/manifest.ts';
export { type InstalledRules, ruleSetOf } from './malware/feeds/open-rules.ts';
export { type ImportResult, type RuleListing, RuleService, validFeedName } from './malware/feeds/rule-service.ts';
export { type ContentVerdict, scanContent } from './malware/feeds/scan-content.ts';
export type { DetectorOptions } from './options.ts';
export { aboutSensitive } from './secrets/about.ts';
export { sensitiveRules } from './secrets/catalogue/list.ts';
export type { SensitiveRule } from './secrets/contract.ts';
export { maskSecrets, maskSecretsOfParts } from './secrets/text.ts';
