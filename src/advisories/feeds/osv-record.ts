import type { Stance, VersionRange } from '../facts.ts';
import { cveOf, isErratum, isMaliciousId } from '../identifiers.ts';

/** A package's part of an OSV record. */
export interface OsvAffected {
  /** As published, with release: `Debian:12`. */
  readonly ecosystem: string;
  readonly name: string;
  readonly ranges: readonly VersionRange[];
  readonly versions: readonly string[];
  readonly urgency: string | null;
  readonly severities: readonly string[];
  /** Import paths that the record names as affected (Go); empty = all. */
  readonly imports: readonly string[];
  readonly stance: Stance | null;
}

/** The facts Drydock keeps of an OSV record; everything else is dropped while reading. */
export interface OsvRecord {
  readonly id: string;
  /** RFC 3339 as published. */
  readonly modified: string;
  readonly withdrawn: boolean;
  readonly aliases: readonly string[];
  /** CVE ids that an erratum is about; empty for other records. */
  readonly linked: readonly string[];
  readonly severities: readonly string[];
  readonly word: string | null;
  readonly title: string | null;
  readonly malicious: boolean;
  readonly affected: readonly OsvAffected[];
}

const limits = { text: 512, list: 50_000, title: 200, imports: 1_000 } as const;
const idGrammar = /^[A-Za-z0-9][A-Za-z0-9:._-]{0,127}$/;
const timeGrammar = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,20}(Z|[+-][0-9]{2}:[0-9]{2})$/;
/** "Embedded Malicious Code": how GHSA marks packages that are malware. */
const embeddedMalice = 'CWE-506';
const eventKinds = ['introduced', 'fixed', 'last_affected', 'limit'] as const;

/** Whether a text has the form of an advisory's id. */
export function isRecordId(text: string): boolean {
  return idGrammar.test(text);
}

/**
 * Reads one parsed OSV document. Ranges of type GIT and entries without package are left out (scanning.md §5.1).
 * @returns undefined when it is not an OSV record: no valid id or no valid time of modification.
 */
export function readOsvRecord(value: unknown): OsvRecord | undefined {
  const record = object(value);
  const id = text(record.id);
  const modified = text(record.modified);
  if (id === null || !idGrammar.test(id) || modified === null || !timeGrammar.test(modified)) return undefined;
  const summary = text(record.summary, 100_000);
  return {
    id,
    modified,
    withdrawn: typeof record.withdrawn === 'string',
    aliases: ids(record.aliases).filter((alias) => alias !== id),
    linked: linkedCves(id, record),
    severities: vectors(record.severity),
    word: severityWord(record, summary),
    title: plainTitle(summary ?? text(record.details, 1_000_000)),
    malicious: isMaliciousId(id) || list(object(record.database_specific).cwe_ids).includes(embeddedMalice),
    affected: affectedOf(record.affected),
  };
}

/** Only errata are known by what they link to; other records' links say nothing about identity. */
function linkedCves(id: string, record: Fields): string[] {
  if (!isErratum(id)) return [];
  const cvesIn = (value: unknown): string[] => [
    ...new Set(
      ids(value)
        .map(cveOf)
        .filter((cve) => cve !== null),
    ),
  ];
  // Older records know only `related`; where there is an `upstream`, other relations are of other kinds.
  const upstream = cvesIn(record.upstream);
  return upstream.length > 0 ? upstream : cvesIn(record.related);
}

function affectedOf(value: unknown): OsvAffected[] {
  // One record may name a package several times; entries are a union, so they are merged here.
  const merged = new Map<string, OsvAffected>();
  for (const item of list(value)) {
    const entry = object(item);
    const ecosystem = text(object(entry.package).ecosystem);
    const name = text(object(entry.package).name);
    if (ecosystem === null || name === null) continue;
    const ranges = rangesOf(entry);
    const versions = list(entry.versions).filter(isText);
    const severities = vectors(entry.severity);
    const imports = importsOf(entry);
    const key = `${ecosystem}\0${name}`;
    const known = merged.get(key);
    if (known === undefined) {
      const urgency = text(object(entry.ecosystem_specific).urgency);
      const rated = urgency === 'not yet assigned' ? null : urgency;
      merged.set(key, { ecosystem, name, ranges, versions, urgency: rated, severities, imports, stance: null });
    } else merged.set(key, unionOf(known, { ...known, ranges, versions, severities, imports }));
  }
  // An entry with neither range nor version says nothing that can be matched.
  return [...merged.values()].filter((entry) => entry.ranges.length > 0 || entry.versions.length > 0);
}

/** What two entries about one package say together. */
export function unionOf(a: OsvAffected, b: OsvAffected): OsvAffected {
  return {
    ...a,
    ranges: [...a.ranges, ...b.ranges],
    versions: [...a.versions, ...b.versions],
    severities: a.severities.length === 0 ? b.severities : a.severities,
    // One entry that means the whole package speaks for all.
    imports: a.imports.length === 0 || b.imports.length === 0 ? [] : union(a.imports, b.imports),
  };
}

/** Import paths that are affected; none as soon as one of them cannot be read, for then all may be. */
function importsOf(entry: Fields): string[] {
  const named = object(entry.ecosystem_specific).imports;
  if (!Array.isArray(named) || named.length > limits.imports) return [];
  const paths = named.map((item) => text(object(item).path));
  return paths.every((path) => path !== null && !/\s/.test(path)) ? union(paths as string[], []) : [];
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])].sort();
}

function rangesOf(entry: Fields): VersionRange[] {
  const ranges: VersionRange[] = [];
  for (const item of list(entry.ranges)) {
    const range = object(item);
    if (range.type !== 'ECOSYSTEM' && range.type !== 'SEMVER') continue;
    const events = list(range.events).flatMap((event): VersionRange => {
      const fields = object(event);
      const kind = eventKinds.find((name) => fields[name] !== undefined);
      const version = kind === undefined ? null : text(fields[kind]);
      return kind === undefined || version === null ? [] : [[kind, version]];
    });
    if (events.length > 0) ranges.push(withUpperBound(events, entry));
  }
  return ranges;
}

/** GHSA's informal upper bound counts only where the range itself has none (scanning.md §5.1). */
function withUpperBound(events: VersionRange, entry: Fields): VersionRange {
  if (events.some(([kind]) => kind === 'fixed' || kind === 'last_affected')) return events;
  const bound = text(object(entry.database_specific).last_known_affected_version_range)?.trim();
  if (bound?.startsWith('<=')) return [...events, ['last_affected', bound.slice(2).trim()]];
  if (bound?.startsWith('<')) return [...events, ['limit', bound.slice(1).trim()]];
  return events;
}

/** Errata of the RHEL family begin their summary with the vendor's rating (`Important: kernel …`). */
function severityWord(record: Fields, summary: string | null): string | null {
  const word = text(object(record.database_specific).severity);
  if (word !== null) return word.toLowerCase();
  const first = summary?.slice(0, summary.indexOf(':')).toLowerCase() ?? '';
  return ['critical', 'important', 'moderate', 'low'].includes(first) ? first : null;
}

/** First line as plain text without control and direction characters, at most 200 characters. */
export function plainTitle(value: string | null): string | null {
  if (value === null) return null;
  const line = value.trimStart().slice(0, 2_000).split('\n', 1)[0] ?? '';
  const plain = line.replace(/[\p{Cc}\p{Cf}]/gu, ' ').trim();
  if (plain === '') return null;
  const characters = [...plain];
  return characters.length <= limits.title ? plain : `${characters.slice(0, limits.title - 1).join('')}…`;
}

function vectors(value: unknown): string[] {
  return list(value)
    .map((item) => text(object(item).score))
    .filter((vector) => vector !== null);
}

function ids(value: unknown): string[] {
  return list(value).filter((item): item is string => isText(item) && idGrammar.test(item));
}

type Fields = Readonly<Record<string, unknown>>;
const nothing: Fields = Object.freeze(Object.create(null) as Fields);

function object(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : nothing;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, limits.list) : [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= limits.text;
}

function text(value: unknown, max: number = limits.text): string | null {
  return typeof value === 'string' && value !== '' && value.length <= max ? value : null;
}
