import type { MatchStore, StoredMatch } from '../../../findings/index.ts';
import type { Db } from '../contract.ts';
import { epssOf, readMatchesOf, readOpenMatches } from './matches.ts';
import { PackageReader, streamPackages } from './packages.ts';
import { currentGeneration } from './revisions.ts';

type Readers = Omit<MatchStore, 'advance' | 'recount' | 'forgetClosed' | 'markStale' | 'forgetImages'>;

/** What a re-match reads. */
export function createMatchReaders({ kysely }: Db): Readers {
  return {
    generation: () => currentGeneration(kysely),
    async lastPackageId() {
      const row = await kysely
        .selectFrom('pkg')
        .select((eb) => eb.fn.max('id').as('last'))
        .executeTakeFirst();
      return row?.last ?? 0;
    },
    packagesNamed: (names) => streamPackages(kysely, { named: names }),
    pendingPackages: () => streamPackages(kysely, 'pending'),
    allPackages: () => streamPackages(kysely, { after: 0 }),
    async openMatches(packageIds) {
      const matches = new Map<number, StoredMatch[]>();
      for (const match of await readOpenMatches(kysely, packageIds)) {
        const list = matches.get(match.packageId);
        if (list === undefined) matches.set(match.packageId, [match]);
        else list.push(match);
      }
      return matches;
    },
    async *scores() {
      for (let after = 0; ; ) {
        const rows = await kysely
          .selectFrom('vuln')
          .select(['id', 'name', 'kev', 'epss_ppm', 'epss_rank_ppm'])
          .where('id', '>', after)
          .orderBy('id')
          .limit(5_000)
          .execute();
        const last = rows.at(-1);
        if (last === undefined) return;
        yield rows.map((row) => ({
          ...{ vulnerabilityId: row.id, name: row.name, kev: row.kev === 1, epss: epssOf(row) },
        }));
        after = last.id;
      }
    },
    async matchesOfVulnerabilities(ids) {
      const matches = await readMatchesOf(kysely, ids);
      const packages = await new PackageReader(kysely).byIds(new Set(matches.map(({ packageId }) => packageId)));
      const byId = new Map(packages.map((pkg) => [pkg.id, pkg]));
      return matches.flatMap((match) => {
        const pkg = byId.get(match.packageId);
        return pkg === undefined ? [] : [{ ...match, package: pkg }];
      });
    },
  };
}
