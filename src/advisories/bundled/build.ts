import { createHash } from 'node:crypto';
import { constants, zstdCompressSync } from 'node:zlib';
import type { PackageFact, RecordFacts } from '../facts.ts';
import { isErratum } from '../identifiers.ts';
import type { FeedState } from '../index/schema.ts';
import type { SqliteFactStore } from '../index/sqlite-store.ts';
import { vulnerabilitiesOf } from '../match/identity.ts';
import { isRated, mostTelling } from '../match/severity.ts';
import {
  type BundleManifest,
  type BundlePart,
  decodeStatement,
  encodeStatement,
  manifestFile,
  maxPartText,
  type PartHeader,
  shortId,
  streamsIn,
} from './format.ts';

/** Files of a bundle by name; the same facts give the same bytes. */
export type BundleFiles = ReadonlyMap<string, Buffer>;

/**
 * Makes the bundle of an index: everything that matching needs apart from titles, and apart from exploitation and its
 * prediction, which age too fast.
 * @throws RangeError for facts that the form cannot hold
 */
export function buildBundle(index: SqliteFactStore): BundleFiles {
  const files = new Map<string, Buffer>();
  const parts: BundlePart[] = [];
  for (const feed of index.feeds) {
    if (!feed.id.startsWith('osv/')) continue;
    const { text, ecosystems } = encodePart(index, feed);
    const file = `${feed.id
      .slice('osv/'.length)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')}.bin`;
    const bytes = pack(text);
    files.set(file, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const { id, records, modified, bulk } = feed;
    parts.push({ id, file, sha256, records, modified, bulk, ecosystems });
  }
  const times = parts.flatMap(({ modified }) => modified ?? []);
  const newest = Math.max(...times.map((time) => Date.parse(time)));
  const manifest: BundleManifest = { format: 3, createdAt: new Date(newest).toISOString(), parts };
  files.set(manifestFile, Buffer.from(`${JSON.stringify(manifest, undefined, 1)}\n`));
  return files;
}

/** Facts of one package under all ecosystems of a feed. */
interface PackageLine {
  readonly name: string;
  readonly facts: { readonly ecosystem: string; readonly fact: PackageFact }[];
}

function encodePart(index: SqliteFactStore, feed: FeedState): { text: string; ecosystems: readonly string[] } {
  const packages = new Map<string, PackageLine>();
  const used = new Map<number, RecordFacts>();
  for (const { ecosystem, name, fact } of index.factsOf(feed.id)) {
    const line = packages.get(name) ?? { name, facts: [] };
    packages.set(name, line);
    if (fact.stance !== null || fact.severities.length > 0) {
      throw new RangeError(`a statement about ${name} that the bundled form cannot hold`);
    }
    line.facts.push({ ecosystem, fact });
    used.set(fact.record, index.record(fact.record));
  }
  const all = [...packages.values()].flatMap(({ facts }) => facts);
  const ecosystems = byFrequency(all.map(({ ecosystem }) => ecosystem)).sort();
  const urgencies = [null, ...byFrequency(all.flatMap(({ fact }) => fact.urgency ?? []))];
  if (ecosystems.length > 36 || urgencies.length > 36) throw new RangeError('too many ecosystems or urgencies');
  const sorted = [...used].sort(([, a], [, b]) => (a.id < b.id ? -1 : 1));
  const numbers = new Map(sorted.map(([number], position) => [number, position]));
  const loans = new Map(sorted.map(([number, record]) => [number, borrowed(record, index)]));
  const lenders = [...loans.values()].flat().map(({ from }) => from);
  const ratings = byFrequency(
    [...sorted.map(([, record]) => record), ...lenders].map(ratingOf).filter((text) => text !== '\t'),
  );
  const ratingNumbers = new Map(ratings.map((rating, position) => [rating, position.toString(36)]));
  const rate = (record: RecordFacts): string => ratingNumbers.get(ratingOf(record)) ?? '';
  const header: PartHeader = { urgencies, ratings };
  const records = sorted.map(([number, record]) => {
    const ids = [
      shortId(record.id),
      ...record.linked.map((cve) => `+${shortId(cve)}`),
      ...record.aliases.map((alias) => `=${shortId(alias)}`),
      ...(loans.get(number) ?? []).map(({ id, from }) => `?${shortId(id)}/${rate(from)}/${shortId(from.id)}`),
    ];
    const streams = isErratum(record.id) ? streamsIn(record.title) : [];
    return [`${ids.join('')},${record.malicious ? '!' : ''}${rate(record)}`, ...streams].join(' ');
  });
  const digits = { ecosystems, urgencies, numbers };
  const names = [...packages.keys()].sort();
  const lines = names.map((name) => encodePackage(packages.get(name) as PackageLine, digits));
  return { text: [JSON.stringify(header), ...records, '', ...lines].join('\n'), ecosystems };
}

function encodePackage(
  { name, facts }: PackageLine,
  digits: {
    readonly ecosystems: readonly string[];
    readonly urgencies: readonly (string | null)[];
    readonly numbers: ReadonlyMap<number, number>;
  },
): string {
  if (!/^[\x21-\x7e]+$/.test(name))
    throw new RangeError(`a name that the bundled form cannot hold: ${JSON.stringify(name)}`);
  const written = facts.map((entry) => ({ ...entry, statement: statementOf(entry.fact, name) }));
  const statements = byFrequency(written.map(({ statement }) => statement));
  const statementNumbers = new Map(statements.map((statement, position) => [statement, position.toString(36)]));
  const byRecord = Map.groupBy(written, ({ fact }) => digits.numbers.get(fact.record) ?? -1);
  let before = 0;
  const groups = [...byRecord.keys()]
    .sort((a, b) => a - b)
    .map((number) => {
      const said = (byRecord.get(number) ?? []).map(({ ecosystem, fact, statement }) => {
        const place = digits.ecosystems.indexOf(ecosystem).toString(36);
        return `${place}${digits.urgencies.indexOf(fact.urgency).toString(36)}${statementNumbers.get(statement)}`;
      });
      const step = number - before;
      before = number;
      return `${step.toString(36)}:${said.sort().join('.')}`;
    });
  return `${name}\t${statements.join(' ')}\t${groups.join(';')}`;
}

/** @throws RangeError for what would not be read as it was */
function statementOf({ ranges, versions, imports }: PackageFact, name: string): string {
  const statement = encodeStatement({ ranges, versions, imports }, name);
  const read = decodeStatement(statement, name);
  if (JSON.stringify(read) === JSON.stringify({ ranges, versions, imports })) return statement;
  throw new RangeError(`a statement about ${name} that the bundled form cannot hold: ${statement}`);
}

/** What others say of the severity of a record's vulnerabilities, where it says nothing itself. */
function borrowed(record: RecordFacts, index: SqliteFactStore): { readonly id: string; readonly from: RecordFacts }[] {
  if (isRated(record)) return [];
  return vulnerabilitiesOf(record).flatMap((ids) => {
    const own = [...new Set(isErratum(record.id) ? ids : [...ids, record.id])].sort();
    const from = mostTelling(own.flatMap((id) => index.recordsOf(id)));
    return from === undefined || from.id === record.id ? [] : [{ id: ids[0] ?? record.id, from }];
  });
}

function ratingOf({ severities, word }: RecordFacts): string {
  return `${severities.map(({ text, cvss }) => `${cvss?.score ?? ''}=${text}`).join(' ')}\t${word ?? ''}`;
}

function pack(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length > maxPartText || bytes.toString('latin1') !== text)
    throw new RangeError('a part too large or not ASCII');
  const params = {
    [constants.ZSTD_c_compressionLevel]: 19,
    [constants.ZSTD_c_windowLog]: 24,
  };
  return zstdCompressSync(bytes, { params });
}

function byFrequency(values: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([value]) => value);
}
