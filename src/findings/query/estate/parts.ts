import type { RegistryRecord, RepositoryRecord } from '../../../inventory/index.ts';
import type { EstatePackage, EstateVulnerability } from '../ports.ts';
import type { EvidenceTable } from './evidence.ts';
import type { SlotsById } from './id-slots.ts';
import type { ImageRows } from './image-rows.ts';
import type { Rows } from './rows.ts';

/** Inventory images by slot, in rising order of their ids. */
export interface ImagePart {
  readonly rows: ImageRows;
  readonly count: number;
  readonly repositories: readonly RepositoryRecord[];
  readonly registries: ReadonlyMap<number, RegistryRecord>;
  /** Image slot → repository slot, content slot (-1 = nothing was scanned). */
  readonly repository: Int32Array;
  readonly content: Int32Array;
  readonly current: Uint8Array;
  readonly latest: Uint8Array;
  readonly byUuid: Pick<ReadonlyMap<string, number>, 'get'>;
  /** Content slot → image slots, repository slot → image slots; ascending. */
  readonly ofContent: Rows;
  readonly ofRepository: Rows;
}

/** What scanned manifests contain. */
export interface ContentPart {
  readonly count: number;
  readonly byManifest: SlotsById;
  /** Content slot → set slots, and in the same places the numbers of their evidence. */
  readonly sets: Rows;
  readonly evidence: Rows;
  /** 1 = a package stands in it twice: its findings are a union, never a sum over sets. */
  readonly overlaps: Uint8Array;
  readonly firstScannedAt: Float64Array;
  /** Grows only. */
  readonly evidenceFacts: Pick<EvidenceTable, 'at'>;
  /** Set slot → content slots. */
  readonly ofSet: Rows;
}

/** Component sets, reduced to packages that have open matches. */
export interface SetPart {
  readonly count: number;
  readonly bySet: SlotsById;
  /** Set slot → package slots, by rising package id. */
  readonly packages: Rows;
  /** Package slot → set slots. */
  readonly ofPackage: Rows;
  /** Highest id of a set that was read. */
  readonly lastId: number;
}

/** Packages that have or had matches, vulnerabilities, matches. */
export interface MatchPart {
  readonly packages: readonly EstatePackage[];
  readonly packageCount: number;
  readonly byPackage: SlotsById;
  /** Package slot → number of its (kind, name, version): packages that differ only in other things are one finding. */
  readonly identity: Int32Array;
  readonly vulnerabilities: readonly EstateVulnerability[];
  readonly byVulnerability: SlotsById;
  /** Name or alias → vulnerability slots. May know names that are newer than this part: ask `slotsNamed`. */
  readonly byName: ReadonlyMap<string, number | readonly number[]>;
  /** Package slot → open match slots, by rising vulnerability id. */
  readonly ofPackage: Rows;
  /** Match slots in use; those that no package lists are closed. */
  readonly count: number;
  readonly package: Int32Array;
  readonly vulnerability: Int32Array;
  /** Index into `severityNames`, `priorityNames`, `stateNames`. */
  readonly severity: Uint8Array;
  readonly priority: Uint8Array;
  readonly state: Uint8Array;
  /** 1 = operating-system package. */
  readonly isCve: Uint8Array;
  readonly openedAt: Float64Array;
  readonly fixedVersion: readonly (string | null)[];
  readonly range: readonly (string | null)[];
  /** Match slot → slot of its key (release × vulnerability). */
  readonly key: Int32Array;
  /** Key slot → release (or application package) and vulnerability slot: its text is both, see `keyText`. */
  readonly keyCount: number;
  readonly keyGroup: Int32Array;
  readonly keyVulnerability: Int32Array;
  readonly groupNames: readonly string[];
  /** Changes with every change of matches, packages or vulnerabilities: orders and masks are cached by it. */
  readonly version: number;
}

/** Levels by number: 0 is the worst. */
export const severityNames = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const;
/** Priorities by number: 0 is the most urgent. */
export const priorityNames = ['asap', 'later', 'nntf'] as const;
/** Fix states by number. */
export const stateNames = ['fixed', 'unfixed', 'will_not_fix', 'unimportant', 'end_of_life'] as const;
/** Number of the state `fixed`. */
export const stateFixed = 0;
/** Number of the state that is listed and not counted. */
export const stateUnimportant = 3;

/** Vulnerabilities of a name or alias. */
export function slotsNamed(part: MatchPart, name: string): readonly number[] {
  const slots = part.byName.get(name);
  if (slots === undefined) return [];
  return (typeof slots === 'number' ? [slots] : slots).filter((slot) => slot < part.vulnerabilities.length);
}

/** `debian:12:CVE-…`, `imgsca:npm:lodash:CVE-…`. */
export function keyText(part: MatchPart, key: number): string {
  const vulnerability = part.vulnerabilities[part.keyVulnerability[key] as number];
  return `${part.groupNames[part.keyGroup[key] as number]}:${vulnerability?.name}`;
}

/** First part of the key of a match: its release or application package. */
export function groupOf(part: MatchPart, match: number): string {
  return part.groupNames[part.keyGroup[part.key[match] as number] as number] as string;
}

/** A key taken apart: first part, and the vulnerabilities that its last part names. */
export function vulnerabilitiesOfKey(part: MatchPart, key: string): { group: string; slots: readonly number[] } {
  const colon = key.lastIndexOf(':');
  const name = key.slice(colon + 1);
  const slots = slotsNamed(part, name).filter((slot) => part.vulnerabilities[slot]?.name === name);
  return { group: key.slice(0, Math.max(0, colon)), slots };
}
