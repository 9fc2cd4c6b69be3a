export type { RiskKind, RiskLevels, RiskVerdict } from '../../findings/index.ts';
export type { Call, Page, PageRequest, ProjectScope } from './call.ts';
export type {
  ConfigValue,
  ContentService,
  DifferenceFinding,
  FixDifference,
  ImageConfigView,
  ImageHead,
  Lineage,
  LineageFix,
  ReferrersView,
} from './contents.ts';
export type {
  DecisionCondition,
  DecisionRule,
  DecisionScope,
  DecisionService,
  ImportedDecisions,
  NewDecision,
} from './decisions.ts';
export type { ExportFile, ExportFormatId, ExportJob, ExportService, ExportSpec } from './exports.ts';
export type {
  FindingPackage,
  FindingQuery,
  FindingService,
  FindingView,
  VulnerabilityDetail,
  VulnerabilityHead,
  VulnerabilityView,
} from './findings.ts';
export type {
  ImageCounts,
  ImageService,
  ImageSort,
  ImageView,
  RepositoryView,
  SecurityCounts,
} from './images.ts';
export type {
  ChannelRules,
  ChannelTarget,
  DeliveryFailure,
  DeliveryState,
  NewChannelTarget,
  NewNotificationChannel,
  NotificationChannel,
  NotificationDelivery,
  NotificationService,
  TestOutcome,
} from './notifications.ts';
export type { OverviewService, PackageAdvice, TrendDay, Worklist, WorklistGroup } from './overview.ts';
export type {
  OutcomeTotals,
  PlannedUpgrade,
  PlanResult,
  PlanService,
  PlanState,
  PlanTask,
  PredictedOutcome,
} from './plans.ts';
export type { NewRegistry, RegistryService } from './registries.ts';
export type {
  BaselineStrategy,
  CatalogueRule,
  RiskCatalogue,
  RiskCounts,
  RiskGroup,
  RiskHit,
  RiskImage,
  RiskQuery,
  RiskService,
  RiskStatus,
  RiskStatusChange,
  RiskTexts,
  RuleSelection,
} from './risks.ts';
export type {
  FixCycle,
  FixOrder,
  FixService,
  FixTask,
  ScanOrder,
  ScanService,
  ScanTask,
  ScanTaskItem,
} from './work.ts';

import type { ContentService } from './contents.ts';
import type { DecisionService } from './decisions.ts';
import type { ExportService } from './exports.ts';
import type { FindingService } from './findings.ts';
import type { ImageService } from './images.ts';
import type { NotificationService } from './notifications.ts';
import type { OverviewService } from './overview.ts';
import type { PlanService } from './plans.ts';
import type { RegistryService } from './registries.ts';
import type { RiskService } from './risks.ts';
import type { FixService, ScanService } from './work.ts';

/** All use cases; every facade, the command line and the jobs see the world through them. */
export interface Services {
  readonly images: ImageService;
  readonly findings: FindingService;
  readonly decisions: DecisionService;
  readonly risks: RiskService;
  readonly scans: ScanService;
  readonly fixes: FixService;
  readonly plans: PlanService;
  readonly overview: OverviewService;
  readonly contents: ContentService;
  readonly registries: RegistryService;
  readonly exports: ExportService;
  readonly notifications: NotificationService;
}
