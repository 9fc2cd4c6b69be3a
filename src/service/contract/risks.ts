import type { MaliciousLevel, RiskLevel, Text } from '../../detectors/index.ts';
import type { Filter, RiskFinding, RiskKind, RiskLevels, RiskVerdict } from '../../findings/index.ts';
import type { Call, Page, PageRequest } from './call.ts';
import type { ImageView } from './images.ts';

/** How a finding stands. Of several decisions on it the oldest speaks. */
export type RiskStatus = 'open' | RiskVerdict;

/** Open findings by kind and level; `handled` of every kind are not in them. What is listed and not counted is in neither. */
export type RiskCounts = Readonly<Record<RiskKind, RiskLevels>> & {
  readonly handled: Readonly<Record<RiskKind, number>>;
};

/** What a list of risks is about. Every member narrows; lists of values are alternatives. */
export interface RiskQuery {
  readonly kind: RiskKind;
  /** Fields of the image, the registry and the repository; `image.uuid` for the risks of one image. */
  readonly filter?: Filter;
  /** Checks by item key (`duplicate_uid`) or id (`ID-004`), sensitive files by rule key, malicious files by class (`WEBSHELL_IMG`). */
  readonly rules?: readonly string[];
  /** Keys of baselines (`identification`, `ssh_config`). */
  readonly names?: readonly string[];
  readonly classes?: readonly string[];
  readonly levels?: readonly (RiskLevel | MaliciousLevel)[];
  readonly statuses?: readonly RiskStatus[];
  /** MD5 of malicious or sensitive files, hex. */
  readonly md5?: readonly string[];
  /** Digests of layers. */
  readonly layers?: readonly string[];
  /** Whether what is only listed is selected too; absent: of `hits` yes, of `groups` and `images` no. */
  readonly listed?: boolean;
  /** Part of a title in any language, whatever its case. */
  readonly title?: { readonly of: 'rule' | 'name' | 'class'; readonly contains: string };
}

/** What a group or a hit is called. */
export interface RiskTexts {
  /** Of malicious files the key on the wire: `WEBSHELL_IMG`. */
  readonly classKey: string;
  readonly className: Text;
  /** Baselines only; others repeat the class. */
  readonly nameKey: string;
  readonly name: Text;
  /** Item key of a check, rule key of a sensitive file, class of a malicious one. */
  readonly ruleKey: string;
  readonly title: Text;
  readonly description: Text;
  readonly advice: Text;
}

/** Findings of one rule (malicious: of one MD5; or of one baseline name) over the selected images, the worst first. */
export interface RiskGroup extends RiskTexts {
  readonly kind: RiskKind;
  /** What it is grouped by: item key, rule key, MD5, or the key of the baseline. */
  readonly key: string;
  /** The worst of it. */
  readonly level: RiskLevel | MaliciousLevel;
  /** Images with it, by their worst finding of the group. */
  readonly images: RiskLevels;
  /** Images in which some of it is open. */
  readonly openImages: number;
  /** Findings, by level. */
  readonly hits: RiskLevels;
  /** `open` while any of it is. */
  readonly status: RiskStatus;
  /** ms */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** An image with findings that the query selects. */
export interface RiskImage {
  readonly image: ImageView;
  /** The worst of them. */
  readonly level: RiskLevel | MaliciousLevel;
  readonly hits: RiskLevels;
  readonly status: RiskStatus;
  /** ms */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** One finding of one image. Its texts are masked where they could hold a secret; they are the image's: escape them. */
export interface RiskHit extends RiskTexts {
  readonly kind: RiskKind;
  /** Integer name, given out when it is first shown; below 2^53, never used again, the same after a rescan. */
  readonly id: number;
  readonly image: ImageView;
  readonly level: RiskLevel | MaliciousLevel;
  /** As in the scan report; `ignored` says what the decision behind the status says. */
  readonly finding: RiskFinding;
  /** It is listed and not counted: a base image's instruction, a note on coverage, a feed that is being watched. */
  readonly counted: boolean;
  readonly status: RiskStatus;
  /** The decision behind the status. */
  readonly decision: {
    readonly ruleId: number;
    readonly reason: string;
    readonly by: string;
    readonly until: number | null;
  } | null;
  /** ms: first scan and last scan that found it, and the last scan that looked for it. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly lastVerified: number;
}

/** One rule that scanners know. */
export interface CatalogueRule {
  /** `ID-001` for checks, the key for others. */
  readonly id: string;
  readonly key: string;
  readonly classKey: string;
  readonly nameKey: string;
  readonly level: RiskLevel | MaliciousLevel;
  readonly title: Text;
  readonly description: Text;
  readonly advice: Text;
  /** False where scans use it only when somebody selects it. */
  readonly defaultOn?: boolean;
}

/** Rules of one kind with the titles of their classes and names. */
export interface RiskCatalogue {
  readonly rules: readonly CatalogueRule[];
  /** By key. */
  readonly classes: Readonly<Record<string, Text>>;
  readonly names: Readonly<Record<string, Text>>;
}

/** Which checks scans ask. */
export interface BaselineStrategy {
  readonly id: number;
  readonly name: string;
  /** `own`: exactly the items; the others are the built-in policies. */
  readonly type: 'default' | 'normal' | 'full' | 'own';
  /** Item keys that are asked, in the order of the catalogue. */
  readonly items: readonly string[];
  /** How many there are. */
  readonly totalItems: number;
  /** Days that results are kept, for those who show the number. */
  readonly keepDays: number;
  /** The one that scans use. */
  readonly active: boolean;
}

/** Which rules of a kind scans use. */
export interface RuleSelection {
  readonly id: number;
  /** Keys of selected rules, in the order of the catalogue. */
  readonly selected: readonly string[];
  readonly total: number;
  /** New rules of later versions are selected by themselves. */
  readonly enableNew: boolean;
}

/** A change of how findings stand, over some images. */
export interface RiskStatusChange {
  readonly kind: RiskKind;
  /** `open` takes back what was decided for exactly these. */
  readonly status: RiskStatus;
  /** Rules as in RiskQuery; for malicious files also `md5:…`, `sha256:…`, `rule:…`. Empty = what `ids` name. */
  readonly rules: readonly string[];
  /** Images; absent = everywhere. */
  readonly uuids?: readonly string[];
  /** Ids of hits: their rule in their image (malicious: their SHA-256 in their image). */
  readonly ids?: readonly number[];
  readonly reason: string;
  /** `console`, `alibaba`, `huawei`, `api`. */
  readonly source: string;
}

/**
 * Baselines, build instructions, malicious and sensitive files: lists, numbers, decisions, and what scans look for.
 * Handled findings are listed unless `statuses` leaves them out. Lists are the worst first.
 */
export interface RiskService {
  catalogue(kind: RiskKind): RiskCatalogue;
  /** Over the selected images. */
  counts(call: Call, filter: Filter | undefined): Promise<RiskCounts>;
  /** `by`: `rule` = item, rule key, MD5; `name` = key of the baseline, `class` = key of the class. */
  groups(
    call: Call,
    query: RiskQuery & { readonly by: 'rule' | 'name' | 'class'; readonly page: PageRequest },
  ): Promise<Page<RiskGroup>>;
  images(call: Call, query: RiskQuery & { readonly page: PageRequest }): Promise<Page<RiskImage>>;
  hits(call: Call, query: RiskQuery & { readonly page: PageRequest }): Promise<Page<RiskHit>>;
  /** In the order of the ids; unknown and foreign ones are left out alike. */
  hitsByIds(call: Call, ids: readonly number[]): Promise<readonly RiskHit[]>;
  /**
   * Decides, or takes decisions back; ids of the rules that now hold or were revoked. Rules with conditions are made by
   * the decision service.
   * @throws ServiceError `invalid_field`
   */
  setStatus(call: Call, change: RiskStatusChange): Promise<readonly number[]>;

  /** Strategies that were saved; the built-in `default` when none was. */
  strategies(call: Call): Promise<readonly BaselineStrategy[]>;
  /**
   * Saves a strategy and lets scans use it from now on. Without an id a new one.
   * @throws ServiceError `invalid_field` for unknown items, `not_found` for an unknown id or without rights on all projects
   */
  saveStrategy(
    call: Call,
    strategy: {
      readonly id?: number;
      readonly name?: string;
      readonly type?: BaselineStrategy['type'];
      readonly items?: readonly string[];
      readonly keepDays?: number;
    },
  ): Promise<BaselineStrategy>;
  selection(call: Call, kind: 'sensitive' | 'instruction'): Promise<RuleSelection>;
  /** @throws ServiceError `invalid_field` for unknown keys, `not_found` without rights on all projects */
  select(
    call: Call,
    kind: 'sensitive' | 'instruction',
    change: { readonly selected?: readonly string[]; readonly enableNew?: boolean },
  ): Promise<RuleSelection>;
  /** Whether scans look for sensitive files. */
  sensitiveScan(call: Call): Promise<boolean>;
  setSensitiveScan(call: Call, on: boolean): Promise<boolean>;
}
