import assert from 'node:assert/strict';
import type { VulnerabilityMatch } from '../../src/advisories/contract.ts';
import type { FactStore, PackageFact, RecordFacts } from '../../src/advisories/facts.ts';
import { matchPackages } from '../../src/advisories/match/matcher.ts';
import { decodeSeverities, encodeSeverities } from '../../src/advisories/match/stated-severity.ts';
import type { Ecosystem, InstalledPackage } from '../../src/ecosystems/index.ts';
import { toyAbout } from './toy-about.ts';

/** A vector of level high. */
export const nvdHigh = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N';
/** A vector of level low. */
export const nvdLow = 'CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N';

/** One advisory about the package `p`; without `fixed` it is fixed in 5. */
export interface TestRecord extends Partial<Omit<RecordFacts, 'severities'>> {
  readonly id: string;
  readonly fixed?: string | null;
  readonly urgency?: string;
  /** CVSS vectors as published. */
  readonly severities?: readonly string[];
  readonly packageSeverities?: readonly string[];
  readonly imports?: readonly string[];
  readonly stance?: PackageFact['stance'];
}

/** A store with one package `p` in one ecosystem. */
export function storeOf(ecosystem: string, records: readonly TestRecord[], more: Partial<FactStore> = {}): FactStore {
  const all = records.map(
    ({
      id,
      aliases = [],
      linked = [],
      severities = [],
      word = null,
      title = null,
      malicious = id.startsWith('MAL-'),
      linkedElsewhere = true,
    }): RecordFacts => {
      return { id, aliases, linked, severities: stated(severities), word, title, malicious, linkedElsewhere };
    },
  );
  const facts = records.map(
    ({ fixed = '5', urgency = null, packageSeverities = [], imports = [], stance = null }, record): PackageFact => {
      const ranges: PackageFact['ranges'] = [
        [['introduced', '0'], ...(fixed === null ? [] : [['fixed', fixed] as const])],
      ];
      return { record, ranges, versions: [], urgency, severities: stated(packageSeverities), imports, stance };
    },
  );
  return {
    snapshot: { id: 'test', createdAt: '2026-01-01T00:00:00Z', origin: 'updated', sources: [] },
    covers: (name) => name === ecosystem,
    facts: (asked, name) => (asked === ecosystem && name === 'p' ? facts : []),
    record: (number) => all[number] as RecordFacts,
    recordsOf: (id) => all.filter((record) => record.id === id || record.aliases.includes(id)),
    exploited: () => false,
    epss: () => new Map(),
    [Symbol.dispose]: () => {},
    ...more,
  };
}

function stated(texts: readonly string[]): RecordFacts['severities'] {
  return decodeSeverities(encodeSeverities(texts));
}

/** A Debian package, by default of the source `p`. */
export function packageOf(name: string, version: string, source = 'p'): InstalledPackage {
  const place = { arch: 'amd64', locations: [], ownedBy: null, held: false };
  return {
    purl: `pkg:deb/debian/${name}@${version}`,
    type: 'deb',
    name,
    version,
    source: { name: source, version },
    ...place,
  };
}

/** An ecosystem whose versions are whole numbers and whose packages are looked up in one place. */
export function world(ecosystem: string): Ecosystem {
  return {
    id: 'test',
    types: ['deb'],
    kind: 'cve',
    about: toyAbout,
    catalogers: [],
    versions: {
      id: 'numbers',
      valid: (version) => /^[0-9]+$/.test(version),
      compare: (a, b) => Number(a) - Number(b),
    },
    advisoryKeys: ({ source }) => (source === null ? [] : [{ ecosystem, on: 'source', ...source }]),
  };
}

/** Matches version 4 of a package against the records. */
export function matchesOf(
  ecosystem: string,
  records: readonly TestRecord[],
  more: Partial<FactStore> = {},
  name = 'p',
) {
  const result = matchPackages(
    [packageOf(name, '4')],
    undefined,
    [world(ecosystem)],
    storeOf(ecosystem, records, more),
  );
  return result.matches;
}

/** The one match that there must be. */
export function only(matches: readonly VulnerabilityMatch[]): VulnerabilityMatch {
  assert.equal(matches.length, 1);
  return matches[0] as VulnerabilityMatch;
}
