import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { AdvisoryError } from '../errors.ts';
import { encodeSeverities } from '../match/stated-severity.ts';

/**
 * The bundled facts: the least that answers which Debian packages are affected. After a magic line, brotli over text
 * lines. The first line is the header as JSON; every other line is one source package:
 *
 *     name TAB fixed versions, joined by blanks TAB records, joined by `;`
 *
 * A record is `id,severities,facts`. The id is without its leading `CVE-`, other ids are written in full; an erratum is
 * followed by its CVEs, each with a leading `+`; aliases follow with a leading `=`. The
 * severities are an index into the header's severities, or empty. Facts are
 * joined by `.`: the digit of a release, the digit of an urgency and the index of the fixed version, or `-` where
 * there is no fix. All ranges start at 0. Indexes are in base 36.
 */
export interface BundledHeader {
  readonly format: 2;
  /** RFC 3339: when the facts were collected. */
  readonly createdAt: string;
  /** RFC 3339: newest record. */
  readonly modified: string;
  /** RFC 3339: time by which nine tenths of the records were last modified. */
  readonly bulk: string;
  readonly records: number;
  /** OSV ecosystems, at most 10. */
  readonly releases: readonly string[];
  /** `null` and the urgencies that occur, at most 10. */
  readonly urgencies: readonly (string | null)[];
  /** In the stored form of `match/stated-severity.ts`. */
  readonly severities: readonly string[];
}

/** One package before encoding. */
export interface BundledPackage {
  readonly name: string;
  readonly records: readonly {
    readonly id: string;
    readonly linked: readonly string[];
    readonly aliases: readonly string[];
    /** As published. */
    readonly severities: readonly string[];
    readonly facts: readonly {
      readonly release: string;
      readonly urgency: string | null;
      readonly fixed: string | null;
    }[];
  }[];
}

const magic = Buffer.from('drydock-facts 2\n');
const maxText = 64 * 1024 * 1024;

/** Encodes packages; the same input gives the same bytes. */
export function encodeFacts(
  meta: Pick<BundledHeader, 'createdAt' | 'modified' | 'bulk' | 'records'>,
  packages: readonly BundledPackage[],
): Buffer {
  const records = packages.flatMap((pkg) => pkg.records);
  const facts = records.flatMap((record) => record.facts);
  const releases = byFrequency(facts.map((fact) => fact.release)).sort();
  const urgencies = [null, ...byFrequency(facts.map((fact) => fact.urgency).filter((urgency) => urgency !== null))];
  const severities = byFrequency(records.map((record) => encodeSeverities(record.severities)).filter(Boolean));
  if (releases.length > 10 || urgencies.length > 10)
    throw new RangeError('too many releases or urgencies for one digit');
  const severityNumbers = new Map(severities.map((stored, index) => [stored, index.toString(36)]));
  const header: BundledHeader = { format: 2, ...meta, releases, urgencies, severities };
  const lines = packages.map(({ name, records }) => {
    const versions = byFrequency(
      records.flatMap((record) => record.facts.map((fact) => fact.fixed ?? '')).filter(Boolean),
    );
    const numbers = new Map(versions.map((version, index) => [version, index.toString(36)]));
    const written = records.map(({ id, linked, aliases, severities, facts }) => {
      const said = facts.map((fact) => {
        const fix = fact.fixed === null ? '-' : numbers.get(fact.fixed);
        return `${releases.indexOf(fact.release)}${urgencies.indexOf(fact.urgency)}${fix}`;
      });
      const also = [...linked.map((cve) => `+${bare(cve)}`), ...aliases.map((alias) => `=${bare(alias)}`)].join('');
      return `${bare(id)}${also},${severityNumbers.get(encodeSeverities(severities)) ?? ''},${said.join('.')}`;
    });
    return `${name}\t${versions.join(' ')}\t${written.join(';')}`;
  });
  const text = Buffer.from([JSON.stringify(header), ...lines].join('\n'));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  return Buffer.concat([magic, brotliCompressSync(text, { params })]);
}

/**
 * Unpacks to the header and the text of the packages.
 * @throws AdvisoryError `index_invalid`
 */
export function decodeFacts(bytes: Buffer): { readonly header: BundledHeader; readonly lines: string } {
  try {
    if (!bytes.subarray(0, magic.length).equals(magic)) throw new TypeError('unknown format');
    const text = brotliDecompressSync(bytes.subarray(magic.length), { maxOutputLength: maxText }).toString('utf8');
    const end = text.indexOf('\n');
    return { header: JSON.parse(text.slice(0, end)) as BundledHeader, lines: text.slice(end) };
  } catch (cause) {
    const hint = 'Reinstall Drydock, or load current data with `drydock db update`.';
    throw new AdvisoryError('index_invalid', 'the bundled advisory facts are damaged', { cause, hint });
  }
}

function bare(id: string): string {
  return id.replace(/^CVE-/, '');
}

function byFrequency(values: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([value]) => value);
}
