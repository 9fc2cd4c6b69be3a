import { createHash } from 'node:crypto';
import type { AdvisorySnapshot } from '../contract.ts';
import { AdvisoryError } from '../errors.ts';
import type { EpssScore, FactStore, PackageFact, RecordFacts, VersionRange } from '../facts.ts';
import { decodeSeverities } from '../match/stated-severity.ts';
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
  readonly #packages = new Map<string, ReadonlyMap<string, readonly PackageFact[]>>();
  readonly #records: RecordFacts[] = [];

  /** @throws AdvisoryError `index_invalid` */
  constructor(bytes: Buffer) {
    const { header, lines } = decodeFacts(bytes);
    this.#header = header;
    this.#lines = lines;
    this.#starts = startsOf(lines);
    const { records, modified, bulk } = header;
    this.snapshot = {
      id: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
      createdAt: header.createdAt,
      origin: 'bundled',
      sources: [{ id: 'osv/Debian', records, modified, bulk }],
    };
  }

  covers(ecosystem: string): boolean {
    return this.#header.releases.includes(ecosystem);
  }

  facts(ecosystem: string, name: string): readonly PackageFact[] {
    let releases = this.#packages.get(name);
    if (releases === undefined) {
      releases = this.#read(name);
      this.#packages.set(name, releases);
    }
    return releases.get(ecosystem) ?? [];
  }

  record(number: number): RecordFacts {
    const record = this.#records[number];
    if (record === undefined) throw new AdvisoryError('index_invalid', 'unknown record of the bundled facts');
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

  #read(name: string): ReadonlyMap<string, readonly PackageFact[]> {
    const releases = new Map<string, PackageFact[]>();
    const start = this.#starts.get(name);
    if (start === undefined) return releases;
    const end = this.#lines.indexOf('\n', start);
    const [, versions = '', records = ''] = this.#lines.slice(start, end < 0 ? undefined : end).split('\t');
    const fixes = versions.split(' ').map((version): readonly VersionRange[] => [
      [
        ['introduced', '0'],
        ['fixed', version],
      ],
    ]);
    for (const text of records.split(';')) this.#readRecord(text, fixes, releases);
    return releases;
  }

  #readRecord(text: string, fixes: readonly (readonly VersionRange[])[], releases: Map<string, PackageFact[]>): void {
    const [ids = '', severity = '', facts = ''] = text.split(',');
    const [names = '', ...same] = ids.split('=');
    const [id = '', ...linked] = names.split('+').map(inFull);
    const severities = decodeSeverities(this.#header.severities[Number.parseInt(severity, 36)] ?? '');
    const record =
      this.#records.push({
        id,
        aliases: same.map(inFull),
        linked,
        severities,
        word: null,
        title: null,
        linkedElsewhere: false,
      }) - 1;
    for (const fact of facts.split('.')) {
      const release = this.#header.releases[Number(fact[0])] ?? '';
      const urgency = this.#header.urgencies[Number(fact[1])] ?? null;
      const fix = fact.slice(2);
      const ranges = fix === '-' ? unfixed : (fixes[Number.parseInt(fix, 36)] ?? unfixed);
      const known = releases.get(release) ?? [];
      known.push({ record, ranges, versions: [], urgency, severities: [] });
      releases.set(release, known);
    }
  }
}

const unfixed: readonly VersionRange[] = [[['introduced', '0']]];

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
