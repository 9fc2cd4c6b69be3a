export { allChecks, checkById } from './baseline/catalogue.ts';
export { classTitles, nameTitles } from './baseline/classes.ts';
export type { Check } from './baseline/contract.ts';
export { builtInPolicies } from './baseline/policies.ts';
export { BaselinePolicyError } from './baseline/policy/errors.ts';
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
export type {
  CompiledRules,
  ContentScan,
  OutsideEngine,
  OutsideVerdict,
  RejectedRule,
  RuleHit,
  RuleSet,
  RuleSource,
  ScannedFile,
} from './malware/contract.ts';
export { cut, maskText, maskValue } from './mask.ts';
export type { DetectorOptions } from './options.ts';
export { aboutSensitive } from './secrets/about.ts';
export { sensitiveRules } from './secrets/catalogue/list.ts';
export type { SensitiveRule } from './secrets/contract.ts';
export { maskSecrets } from './secrets/text.ts';
