import type { AdvisorySnapshot } from '../advisories/index.ts';
import type { Digest } from '../image/index.ts';
import type { PackageIdentity } from './facts/identity.ts';
import type { ImageFacts } from './facts/image-facts.ts';
import type { MatchFacts, StoredMatch } from './facts/match-facts.ts';
import type { ImageTally } from './facts/tally.ts';
import type { EstatePackage, EstateRule, EstateSource } from './query/ports.ts';
import type { RiskFinding } from './risk-findings.ts';
import type { ChoiceStore, RiskStore } from './risks/ports.ts';
import type { RiskTally } from './risks/tally.ts';

/** A package version with its id. */
export interface StoredPackage extends PackageIdentity {
  readonly id: number;
}

/** Matches new packages against the advisories that a worker has open. */
export interface PackageMatching {
  readonly snapshot: AdvisorySnapshot;
  /** In the order of the packages. Must answer without waiting: it is asked inside of transactions. */
  matchesOf(packages: readonly PackageIdentity[]): readonly (readonly MatchFacts[])[];
  /** Names under which advisories are looked up for a package. */
  namesOf(pkg: PackageIdentity): readonly string[];
}

/** What an ingest changed. */
export interface Ingested {
  readonly manifestId: number;
  /** False when everything was known already: no fact was added or replaced. */
  readonly changed: boolean;
  readonly newPackages: number;
  readonly newSets: number;
  readonly tally: ImageTally;
  /** True when packages were matched with other advisories than the active ones: a re-match has to follow. */
  readonly rematchNeeded: boolean;
}

/** A generation of matches: everything between two of them is matched with the same advisories. */
export interface Generation {
  readonly number: number;
  /** ms */
  readonly at: number;
  readonly snapshot: AdvisorySnapshot;
}

export interface IngestOptions {
  /** ms */
  readonly at: number;
  /** Generation of the analysers that made the report. */
  readonly analysers: number;
  /** Job on whose behalf it is stored. */
  readonly fence?: { readonly jobId: string; readonly fence: number };
}

/** Taking in scans. */
export interface FactsWriter {
  /** Which of the packages are known, by position. */
  knownPackages(packages: readonly PackageIdentity[]): Promise<readonly boolean[]>;
  /**
   * Stores one scan in one transaction: packages and matches that are new, component sets, what the image contains, its
   * scan state, counters and the rest of its report. Repeating it changes nothing.
   * @throws FactsError `unknown_image`; JobError `worker_lost` when the fence is no longer the newest
   */
  ingest(facts: ImageFacts, matching: PackageMatching, options: IngestOptions): Promise<Ingested>;
}

/** What becomes of the matches of one package at a new generation. */
export interface PackageChange {
  readonly packageId: number;
  readonly matches: readonly MatchFacts[];
}

/** Exploitation and scores of one vulnerability. */
export interface VulnerabilityScores {
  readonly vulnerabilityId: number;
  readonly kev: boolean;
  readonly epss: { readonly score: number; readonly percentile: number } | null;
}

/** Everything that a new generation changes. */
export interface GenerationChange {
  /** Generation that the change was derived from; another one that became current meanwhile refuses it. */
  readonly basis: Generation;
  /** Highest package id that was looked at: later ones are matched inside of the transaction. */
  readonly lastPackageId: number;
  readonly at: number;
  readonly reason: string;
  readonly matching: PackageMatching;
  /** Packages with what the advisories say now, where that may differ from what is stored. */
  readonly changes: AsyncIterable<readonly PackageChange[]>;
  readonly scores: readonly VulnerabilityScores[];
  readonly priorities: readonly {
    readonly packageId: number;
    readonly vulnerabilityId: number;
    readonly priority: MatchFacts['priority'];
  }[];
}

/** What a new generation changed. */
export interface GenerationResult {
  /** The basis with another snapshot, when no match was opened or closed. */
  readonly generation: Generation;
  readonly opened: number;
  readonly closed: number;
  readonly vulnerabilities: number;
  /** Images whose counters have to be computed again. */
  readonly stale: number;
}

/** Re-matching. Packages come with an empty purl where it follows from the rest. */
export interface MatchStore {
  /** Null before the first scan. */
  generation(): Promise<Generation | null>;
  lastPackageId(): Promise<number>;
  /** Packages that advisories are looked up for under any of the names, in rising order of id. */
  packagesNamed(names: readonly string[]): AsyncIterable<readonly StoredPackage[]>;
  /** Packages that were matched with other advisories than those of the current generation. */
  pendingPackages(): AsyncIterable<readonly StoredPackage[]>;
  allPackages(): AsyncIterable<readonly StoredPackage[]>;
  openMatches(packageIds: readonly number[]): Promise<ReadonlyMap<number, readonly StoredMatch[]>>;
  /** Every vulnerability with what is stored of its scores, in batches. */
  scores(): AsyncIterable<readonly (VulnerabilityScores & { readonly name: string })[]>;
  matchesOfVulnerabilities(
    ids: readonly number[],
  ): Promise<readonly (StoredMatch & { readonly package: StoredPackage })[]>;
  /**
   * Makes the change one transaction: closes and opens matches, writes scores and priorities, marks counters that no
   * longer hold, and leaves one outbox event per vulnerability with the affected images per project.
   * @throws FactsError `generation_moved` when the basis is no longer current
   */
  advance(change: GenerationChange): Promise<GenerationResult>;
  /** Marks counters to be computed again, as those that were found to differ. */
  markStale(manifestIds: readonly number[]): Promise<void>;
  /** Computes up to `limit` stale counters; how many are left. */
  recount(limit: number): Promise<number>;
  /** Deletes up to `limit` matches that were closed before; how many. */
  forgetClosed(before: number, limit: number): Promise<number>;
  /** Deletes what is known of manifests that have left the inventory. */
  forgetImages(manifestIds: readonly number[]): Promise<void>;
}

/** One image as it is stored: what reports are made of. */
export interface ImageView {
  readonly manifestId: number;
  readonly digest: string;
  readonly record: Uint8Array;
  readonly snapshot: AdvisorySnapshot;
  readonly firstAnalysedAt: number;
  readonly packages: readonly StoredPackage[];
  /** Members are positions in `packages`. */
  readonly sets: readonly { readonly path: string; readonly layer: string; readonly members: readonly number[] }[];
  readonly matches: readonly StoredMatch[];
  /** What is no vulnerability, in the order of the report, before decisions. */
  readonly risks: readonly RiskFinding[];
  readonly tally: ImageTally;
  /** True while the counters are behind the matches. */
  readonly recounting: boolean;
}

/** Integer names of records (inventory image × vulnerability). */
export interface RecordIds {
  /** In the order of the pairs; gives out what is missing. Ids are never used again and stay below 2^53. */
  idsFor(pairs: readonly { readonly imageId: number; readonly vulnerabilityId: number }[]): Promise<readonly number[]>;
  /** Unknown ids are left out. */
  byIds(
    ids: readonly number[],
  ): Promise<readonly { readonly id: number; readonly imageId: number; readonly vulnerabilityId: number }[]>;
}

/** Comparison of stored counters with what the facts say. */
export interface RecountCheck {
  readonly images: number;
  /** Must be empty. */
  readonly differences: readonly {
    readonly manifestId: number;
    readonly stored: ImageTally & { readonly risks: RiskTally };
    readonly counted: ImageTally & { readonly risks: RiskTally };
  }[];
}

/** Bulk readers of the estate index that are answered from facts; the others come from the inventory. */
export type FactsSource = Pick<
  EstateSource,
  | 'contents'
  | 'sets'
  | 'matches'
  | 'setsOf'
  | 'packages'
  | 'vulnerabilities'
  | 'rules'
  | 'risks'
  | 'riskSets'
  | 'riskContents'
> & {
  /** One cheap query: the counters of facts, see EstateRevisions. */
  factRevisions(): Promise<{ readonly ingest: number; readonly matches: number; readonly rules: number }>;
  image(manifestId: number): Promise<ImageView | null>;
  /** Package versions with this name of their own, whatever their source is called. */
  packagesCalled(name: string): Promise<readonly EstatePackage[]>;
  /** Counters of images as stored; ids without a scan are left out. */
  tallies(
    manifestIds: readonly number[],
  ): Promise<ReadonlyMap<number, ImageTally & { readonly recounting: boolean; readonly rank: number }>>;
  /** Recomputes the counters of every image that is not stale and compares. */
  checkCounts(): Promise<RecountCheck>;
};

/** A decision with everything that lists show. */
export interface StoredRule extends EstateRule {
  readonly updatedAt: number;
  readonly source: string;
  readonly title: string | null;
  readonly endedAt: number | null;
  readonly ended: 'revoked' | 'expired' | null;
}

export type RuleFields = Omit<StoredRule, 'id' | 'updatedAt' | 'endedAt' | 'ended'>;

/** One change of a decision. */
export interface RuleChange {
  readonly rule: StoredRule;
  readonly change: 'added' | 'updated' | 'revoked' | 'expired';
  readonly at: number;
  readonly by: string;
}

/** Decisions. Every change raises the revision `rules` and is kept as history. */
export interface RuleStore {
  addRule(fields: RuleFields, by: string): Promise<StoredRule>;
  /** Null when it is unknown or has ended. */
  changeRule(
    id: number,
    change: Partial<Pick<RuleFields, 'reason' | 'scope' | 'expiresAt' | 'expiresWhen' | 'conditions'>>,
    at: number,
    by: string,
  ): Promise<StoredRule | null>;
  /** Ends those of the rules that are in force; the ids that were. */
  endRules(ids: readonly number[], how: 'revoked' | 'expired', at: number, by: string): Promise<readonly number[]>;
  rule(id: number): Promise<StoredRule | null>;
  rulesByIds(ids: readonly number[]): Promise<readonly StoredRule[]>;
  /** Rules in force, newest first. `projects`: rules of these projects and of all. */
  listRules(query: {
    readonly projects: 'all' | readonly number[];
    readonly kind?: string;
    readonly text?: string;
    readonly source?: string;
    readonly now: number;
    readonly window: RuleWindow;
  }): Promise<{ readonly rows: readonly StoredRule[]; readonly total: number }>;
  /** Newest first. */
  ruleHistory(query: {
    readonly projects: 'all' | readonly number[];
    readonly vulnerability?: string;
    readonly window: RuleWindow;
  }): Promise<{ readonly rows: readonly (RuleChange & { readonly position: number })[]; readonly total: number }>;
  /** Rules whose time has passed, and rules until a fix whose vulnerabilities got one since they were made. */
  overdueRules(now: number): Promise<readonly number[]>;
}

/** Rows to skip, or those below a position (ids and positions fall from page to page). */
export type RuleWindow =
  | { readonly offset: number; readonly limit: number }
  | { readonly below: number | null; readonly limit: number };

/** An image that is known elsewhere and shares its whole file system with the lower layers of another one. */
export interface KnownBase {
  /** ChainID of all its layers. */
  readonly chain: Digest;
  /** Of its manifest. */
  readonly digest: Digest;
  /** Of indexes that list it. */
  readonly indexDigests: readonly Digest[];
}

/** Images by the ChainID of all their layers; scans ask it for what an image was built on. */
export interface KnownImages {
  /** In any order; several images may have the same layers. */
  withChains(chains: readonly Digest[]): Promise<readonly KnownBase[]>;
}

/** All of the findings store. */
export interface FindingsStore
  extends FactsWriter,
    MatchStore,
    RecordIds,
    RuleStore,
    FactsSource,
    KnownImages,
    RiskStore,
    ChoiceStore {}
