import type { EstatePackage, EstateQueries, FactsSource, RecordIds } from '../../findings/index.ts';

/** What advisories tell of a vulnerability beyond what lists show. */
export interface AdvisoryDetail {
  /** ms */
  readonly published: number | null;
  readonly description: string | null;
  /** Ids of the advisories that name it. */
  readonly advisories: readonly string[];
  readonly links: readonly string[];
}

/** What the finding service is made of. */
export interface FindingServiceDeps {
  readonly queries: EstateQueries;
  readonly records: RecordIds;
  readonly facts: Pick<FactsSource, 'image' | 'setsOf'>;
  /** Package versions of the estate with this name of their own. */
  readonly packagesNamed: (name: string) => Promise<readonly EstatePackage[]>;
  /** Findings with a fix task under way: uuid of the image → ids of vulnerabilities. */
  readonly fixing: () => Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** Absent: what follows from the id. */
  readonly advisory?: (id: string) => Promise<AdvisoryDetail | null>;
}
