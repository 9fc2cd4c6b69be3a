import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { AdvisoryError } from '../errors.ts';
import type { PackageFact, RecordFacts } from '../facts.ts';
import { decodeSeverities } from '../match/stated-severity.ts';
import { type BundlePart, decodeStatement, fullId, maxPartText, type PartHeader } from './format.ts';

/**
 * One unpacked part: a text of which lines are read when they are asked for, so that a scan pays only for the packages
 * that it has.
 */
export class UnpackedPart {
  readonly #text: string;
  readonly #header: PartHeader;
  readonly #ecosystems: readonly string[];
  /** Where lines start, records first. */
  readonly #starts: Uint32Array;
  readonly #recordCount: number;
  readonly #firstRecord: number;
  readonly #records = new Map<number, RecordFacts>();
  readonly #lent: Map<string, RecordFacts[]>;

  /**
   * @param firstRecord number of the part's first record among those of all parts.
   * @param lent what records say of the severities of others is added here, by vulnerability.
   * @throws AdvisoryError `index_invalid`
   */
  constructor(directory: string, part: BundlePart, firstRecord: number, lent: Map<string, RecordFacts[]>) {
    this.#ecosystems = part.ecosystems;
    this.#firstRecord = firstRecord;
    this.#lent = lent;
    try {
      const bytes = readFileSync(join(directory, part.file));
      if (createHash('sha256').update(bytes).digest('hex') !== part.sha256) throw new TypeError('other bytes');
      this.#text = zstdDecompressSync(bytes, { maxOutputLength: maxPartText }).toString('latin1');
      this.#starts = startsOf(this.#text);
      this.#header = JSON.parse(this.#text.slice(0, (this.#starts[0] ?? 0) - 1)) as PartHeader;
      this.#recordCount = this.#blankLine();
    } catch (cause) {
      throw damaged(cause);
    }
  }

  facts(ecosystem: string, name: string): readonly PackageFact[] {
    const line = this.#lineOf(name);
    if (line === undefined) return [];
    const [, stated = '', groups = ''] = line.split('\t');
    const texts = stated.split(' ');
    // Facts with the same statement share their ranges, so that the matcher compares each fix once.
    const statements = new Map<string, Pick<PackageFact, 'ranges' | 'versions' | 'imports'>>();
    const place = this.#ecosystems.indexOf(ecosystem).toString(36);
    const found: PackageFact[] = [];
    let number = this.#firstRecord;
    for (const group of groups.split(';')) {
      const colon = group.indexOf(':');
      number += Number.parseInt(group.slice(0, colon), 36);
      for (const said of group.slice(colon + 1).split('.')) {
        if (said[0] !== place) continue;
        const at = said.slice(2);
        const statement = statements.get(at) ?? decodeStatement(texts[Number.parseInt(at, 36)] ?? '', name);
        statements.set(at, statement);
        const urgency = this.#header.urgencies[Number.parseInt(said[1] ?? '', 36)] ?? null;
        found.push({ record: number, ...statement, urgency, severities: none, stance: null });
      }
    }
    return found;
  }

  record(number: number): RecordFacts {
    const known = this.#records.get(number);
    if (known !== undefined) return known;
    const record = this.#parse(this.#line(number - this.#firstRecord));
    this.#records.set(number, record);
    return record;
  }

  #parse(line: string): RecordFacts {
    const [text = '', ...streams] = line.split(' ');
    const comma = text.lastIndexOf(',');
    const [names = '', ...loans] = text.slice(0, comma).split('?');
    const [own = '', ...aliases] = names.split('=');
    const [id = '', ...linked] = own.split('+').map(fullId);
    const rating = text.slice(comma + 1);
    for (const loan of loans) {
      const [vulnerability = '', index = '', from = ''] = loan.split('/');
      const lent = this.#lent.get(fullId(vulnerability)) ?? [];
      this.#lent.set(fullId(vulnerability), lent);
      const lender = { id: fullId(from), ...nothingElse, ...this.#rating(index) };
      if (!lent.some((other) => other.id === lender.id)) lent.push(lender);
    }
    const malicious = rating.startsWith('!');
    return {
      ...nothingElse,
      ...{ id, linked, aliases: aliases.map(fullId), malicious, linkedElsewhere: loans.length > 0 },
      ...this.#rating(malicious ? rating.slice(1) : rating),
      ...(streams.length > 0 && { streams: streams.join(' ') }),
    };
  }

  #rating(index: string): Pick<RecordFacts, 'severities' | 'word'> {
    const [severities = '', word = ''] = (this.#header.ratings[Number.parseInt(index, 36)] ?? '').split('\t');
    return { severities: decodeSeverities(severities), word: word === '' ? null : word };
  }

  /** The line of a package, found among the sorted ones by halving. */
  #lineOf(name: string): string | undefined {
    let low = this.#recordCount + 1;
    let high = this.#starts.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const start = this.#starts[middle] ?? 0;
      const found = this.#text.slice(start, this.#text.indexOf('\t', start));
      if (found === name) return this.#line(middle);
      if (found < name) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  #line(index: number): string {
    const end = this.#starts[index + 1];
    return this.#text.slice(this.#starts[index] ?? 0, end === undefined ? undefined : end - 1);
  }

  /** The empty line between records and packages. */
  #blankLine(): number {
    const at = this.#text.indexOf('\n\n') + 1;
    const index = this.#starts.indexOf(at);
    if (at === 0 || index < 0) throw new TypeError('no packages');
    return index;
  }
}

const none: readonly never[] = [];
const nothingElse = { aliases: none, linked: none, title: null, malicious: false, linkedElsewhere: false } as const;

/** Starts of all lines after the first. */
function startsOf(text: string): Uint32Array {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  const starts = new Uint32Array(count);
  count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts[count++] = at + 1;
  return starts;
}

/** What to say of bundled facts that cannot be used. */
export function damaged(cause: unknown): AdvisoryError {
  const hint = 'Reinstall Drydock, or load current data with `drydock db update`.';
  return new AdvisoryError('index_invalid', 'the bundled advisory facts are damaged', { cause, hint });
}
