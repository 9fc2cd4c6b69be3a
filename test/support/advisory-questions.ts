import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AdvisoryIndex, MatchResult } from '../../src/advisories/index.ts';
import { type Ecosystem, ecosystems, type InstalledPackage, type VersionScheme } from '../../src/ecosystems/index.ts';
import { toyAbout } from './toy-about.ts';

/** One version of a package of an OSV ecosystem. */
export interface Question {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
}

/**
 * Worlds whose packages say themselves where they are looked up, for all OSV ecosystems of a list, with the version order
 * and the spelling of names of the real world; where there is none, with those of Debian.
 */
export function askingWorlds(names: readonly string[]): readonly Ecosystem[] {
  const of = (name: string): Ecosystem | undefined =>
    ecosystems.find(({ advisoryNames }) => advisoryNames?.includes(name));
  const versions = of('Debian')?.versions as VersionScheme;
  return names.map((name) => {
    const real = of(name);
    return {
      ...{ id: name, types: [typeOf(name)], kind: 'sca', about: toyAbout, catalogers: [], advisoryNames: [name] },
      versions: real?.versions ?? versions,
      ...(real?.normaliseName && { normaliseName: real.normaliseName }),
      ...(real?.rangesFor && { rangesFor: real.rangesFor }),
      advisoryKeys: ({ arch, name, version }) => {
        // The stream that most modules would have: `nodejs:20` of 1:20.9.0.
        const stream = `${name}:${/^(?:[0-9]+:)?([0-9]+)/.exec(version)?.[1] ?? ''}`;
        const modular = real?.rangesFor !== undefined && version.includes('.module');
        return [{ ecosystem: arch ?? '', on: 'source', name, version, ...(modular && { stream }) }];
      },
    };
  });
}

/** The type of packages that are looked up in an OSV ecosystem. */
export function typeOf(ecosystem: string): string {
  return `of ${ecosystem.split(':', 1)[0]}`;
}

/** What an index says, question by question. Titles are left out. */
export function answersOf(
  index: AdvisoryIndex,
  questions: readonly Question[],
): Pick<MatchResult, 'matches' | 'malicious'> {
  const place = { source: null, locations: [], ownedBy: null, held: false };
  const packages = questions.map(({ ecosystem, name, version }): InstalledPackage => {
    const purl = `pkg:${ecosystem}/${name}@${version}`;
    return { purl, type: typeOf(ecosystem), name, version, arch: ecosystem, ...place };
  });
  const { matches, malicious } = index.match(packages, undefined);
  return {
    matches: matches.map((match) => ({ ...match, title: null })),
    malicious: malicious.map((match) => ({ ...match, title: null })),
  };
}

/**
 * Questions about packages of an index in a data directory: for each some versions at and beside the ends of its ranges.
 * @param shares which of the versions, by their place in order; without them, a version below all is asked as well.
 * @param each how many packages of each ecosystem (release) are asked about, spread evenly over their names.
 */
export function questionsAbout(
  directory: string,
  worlds: readonly Ecosystem[],
  each: number,
  shares: readonly number[] = [0, 0.3, 0.6, 1],
): Question[] {
  const folder = join(directory, 'snapshots');
  const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.sqlite'));
  using database = new DatabaseSync(join(folder, file), { readOnly: true });
  const names = database.prepare('SELECT key, ecosystem, name FROM package ORDER BY ecosystem, name').all();
  const facts = database.prepare('SELECT fixed, ranges, versions FROM fact WHERE key = ?');
  const questions: Question[] = [];
  for (const [ecosystem, rows] of Map.groupBy(names, (row) => String(row.ecosystem))) {
    const scheme = worlds.find(({ types }) => types.includes(typeOf(ecosystem)))?.versions;
    if (scheme === undefined) continue;
    const stride = Math.max(1, rows.length / each);
    for (let at = 0; at < rows.length; at += stride) {
      const row = rows[Math.floor(at)];
      if (row === undefined) continue;
      const texts = facts.all(Number(row.key)).flatMap(({ fixed, ranges, versions }) => [
        String(fixed ?? ''),
        ...JSON.parse(String(ranges ?? '[]'))
          .flat()
          .map(([, version]: [string, string]) => version),
        ...String(versions ?? '').split('\n'),
      ]);
      const valid = [...new Set(texts)]
        .filter((version) => version !== '' && scheme.valid(version))
        .sort(scheme.compare);
      const picked = shares.map((share) => valid[Math.floor((valid.length - 1) * share)]);
      // Below everything: most of what was ever fixed is open there.
      for (const version of new Set([...(shares.includes(0) ? ['0.0.1'] : []), ...picked])) {
        if (version !== undefined && scheme.valid(version))
          questions.push({ ecosystem, name: String(row.name), version });
      }
    }
  }
  return questions;
}
