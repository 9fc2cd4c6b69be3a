export { ArchiveBudget } from './archives/budget.ts';
export { ArchiveError } from './archives/errors.ts';
export { type ArchiveLimits, archiveLimits } from './archives/limits.ts';
export { openZip, type ZipMember } from './archives/zip.ts';
export type {
  AdvisoryKey,
  AdvisoryRange,
  Analysis,
  Cataloger,
  CatalogInput,
  CatalogResult,
  Confidence,
  Ecosystem,
  EcosystemAbout,
  FileOwners,
  InstalledPackage,
  LayerFacts,
  NameVersion,
  OsRelease,
  PackageScope,
  VersionScheme,
} from './contract.ts';
export { createCursor } from './dpkg/deb/cursor.ts';
export { decompress } from './dpkg/deb/decompress.ts';
export { createDebReader } from './dpkg/deb/reader.ts';
export { globMatcher } from './dpkg/fix/apply/path-filter.ts';
export { assembleRootfs, type RootfsDeps, type RootfsPackage } from './dpkg/fix/index.ts';
export { minimalSystem } from './dpkg/fix/minimal-system.ts';
export { createDpkgPlanner, type PlannerDeps } from './dpkg/fix/planner.ts';
export { type AptConfiguration, type AptMirrors, aptMirrors } from './dpkg/fix/repository/apt-mirrors.ts';
export { openArchive } from './dpkg/fix/repository/archive.ts';
export {
  type ArchiveConfig,
  type Mirror,
  type RepositoryConfig,
  type SourceConfig,
  type SuiteConfig,
  withEnvironment,
} from './dpkg/fix/repository/config.ts';
export { defaultRepositories } from './dpkg/fix/repository/defaults.ts';
export { type ArchiveDeps, createArchiveDeps, type IndexCache, memoryIndexCache } from './dpkg/fix/repository/deps.ts';
export { type LocalFiles, systemFiles } from './dpkg/fix/repository/files.ts';
export { type FreshnessStore, memoryFreshness } from './dpkg/fix/repository/freshness.ts';
export { createHttpClient, type HttpClient } from './dpkg/fix/repository/http.ts';
export type { Candidate, PackageUniverse } from './dpkg/fix/universe.ts';
export { diversionRecords, readChecksumLine } from './dpkg/info-lines.ts';
export { ownerKey } from './file-owners.ts';
export type {
  AppliedChange,
  Fixer,
  FixFinding,
  FixInput,
  FixPlan,
  Inspection,
  IntegrityReport,
  Outcome,
  PlannedOutcome,
  PreparedChange,
  Rejection,
  Upgrade,
} from './fix-contract.ts';
export { ecosystems } from './list.ts';
export { debianRelease, supportOf } from './os-release/end-of-life.ts';
export { type ReleaseFacts, releaseVisitor } from './os-release/files.ts';
export { resolveOs } from './os-release/resolve.ts';
export { type PackageUrlParts, packageUrl } from './purl.ts';
export { type ProgramSum, rpmProgramSums } from './rpm/program-sums.ts';
export type { SbomComponent, SbomDocument } from './sbom/contract.ts';
export { readSbom } from './sbom/read-sbom.ts';
