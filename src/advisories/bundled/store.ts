import { createHash } from 'node:crypto';
import type { AdvisorySnapshot } from '../contract.ts';
import { AdvisoryError } from '../errors.ts';
import type { EpssScore, FactStore, PackageFact, RecordFacts, VersionRange } from '../facts.ts';
import { decodeSeverities } from '../match/stated-severity.ts';
import { snapshotId } from '../matching-version.ts';
import { type BundledHeader, decodeFacts } from './format.ts';

/**
 * Answers from the bundled facts. They are unpacked once into one text (some milliseconds); a package's line is
 * read when it is asked for, so a scan pays only for the packages it has.
 */
export class BundledFactStore implements FactStore {
  readonly snapshot: AdvisorySnapshot;
  readonly #header: BundledHeader;
  readonly #lines: string;
  /** Where each package's line starts. */
  readonly #starts: ReadonlyMap<string, number>;
  readonly #facts = new Map<string, readonly PackageFact[]>();
  /** Records by number: their text until they are asked for. */
  readonly #records: (string | RecordFacts)[] = [];

  /** @throws AdvisoryError `index_invalid` */
  constructor(bytes: Buffer) {
    const { header, lines } = decodeFacts(bytes);
    this.#header = header;
    this.#lines = lines;
    this.#starts = startsOf(lines);
    const { records, modified, bulk } = header;
    this.snapshot = {
      id: snapshotId(`sha256:${createHash('sha256').update(bytes).digest('hex')}`),
      createdAt: header.createdAt,
      origin: 'bundled',
      sources: [{ id: 'osv/Debian', records, modified, bulk }],
    };
  }

  covers(ecosystem: string): boolean {
    return this.#header.releases.includes(ecosystem);
  }

  facts(ecosystem: string, name: string): readonly PackageFact[] {
    const key = `${ecosystem}\0${name}`;
    let facts = this.#facts.get(key);
    if (facts === undefined) {
      facts = this.#read(name, String(this.#header.releases.indexOf(ecosystem)));
      this.#facts.set(key, facts);
    }
    return facts;
  }

  record(number: number): RecordFacts {
    const known = this.#records[number];
    if (known === undefined) throw new AdvisoryError('index_invalid', 'unknown record of the bundled facts');
    if (typeof known !== 'string') return known;
    const record = this.#parseRecord(known);
    this.#records[number] = record;
    return record;
  }

  /** The bundled facts have no aliases; what they know of a record is already with its package. */
  recordsOf(): readonly RecordFacts[] {
    return [];
  }

  exploited(): boolean {
    return false;
  }

  epss(): ReadonlyMap<string, EpssScore> {
    return new Map();
  }

  [Symbol.dispose](): void {}

  /** @param release digit of the release. */
  #read(name: string, release: string): readonly PackageFact[] {
    const found: PackageFact[] = [];
    const start = this.#starts.get(name);
    if (start === undefined) return found;
    const end = this.#lines.indexOf('\n', start);
    const [, versions = '', records = ''] = this.#lines.slice(start, end < 0 ? undefined : end).split('\t');
    const fixes = versions.split(' ').map(rangeBelow);
    for (const text of records.split(';')) {
      const facts = text.slice(text.lastIndexOf(',') + 1).split('.');
      const own = facts.filter((fact) => fact.startsWith(release));
      if (own.length === 0) continue;
      const record = this.#records.push(text) - 1;
      for (const fact of own) {
        const urgency = this.#header.urgencies[Number(fact[1])] ?? null;
        const fix = fact.slice(2);
        const ranges = fix === '-' ? unfixed : (fixes[Number.parseInt(fix, 36)] ?? unfixed);
        found.push({ record, ranges, versions: none, urgency, severities: none, imports: none, stance: null });
      }
    }
    return found;
  }

  #parseRecord(text: string): RecordFacts {
    const [ids = '', severity = ''] = text.split(',', 2);
    const [names = '', ...same] = ids.split('=');
    const [id = '', ...linked] = names.split('+').map(inFull);
    const severities = decodeSeverities(this.#header.severities[Number.parseInt(severity, 36)] ?? '');
    return {
      id,
      aliases: same.map(inFull),
      linked,
      severities,
      word: null,
      title: null,
      malicious: false,
      linkedElsewhere: false,
    };
  }
}

const none: readonly never[] = [];
const unfixed: readonly VersionRange[] = [[['introduced', '0']]];

function rangeBelow(fixed: string): readonly VersionRange[] {
  return [
    [
      ['introduced', '0'],
      ['fixed', fixed],
    ],
  ];
}

function inFull(id: string): string {
  return /^[0-9]/.test(id) ? `CVE-${id}` : id;
}

function startsOf(lines: string): ReadonlyMap<string, number> {
  const starts = new Map<string, number>();
  for (let feed = lines.indexOf('\n'); feed >= 0; feed = lines.indexOf('\n', feed + 1)) {
    starts.set(lines.slice(feed + 1, lines.indexOf('\t', feed)), feed + 1);
  }
  return starts;
}
