import type { ImageStore, RegistryRecord } from '../../inventory/index.ts';
import type { FactsSource } from '../ports.ts';
import type { EstateSource } from './ports.ts';

const atOnce = 5_000;
/** How long in ms a change of a registry alone (its name, its removal by another process) may go unseen. */
const registriesEveryMs = 1_000;

/** The estate as inventory and facts store it. One for each index: it remembers what it saw of the registries. */
export function createEstateSource(
  inventory: Pick<ImageStore, 'readImages' | 'readGone' | 'lastSeq' | 'readRepositories' | 'allRegistries'>,
  facts: Omit<FactsSource, 'image' | 'tallies' | 'checkCounts'>,
): EstateSource {
  const seen = { at: -Infinity, text: '', changes: 0 };
  const registryChanges = async (): Promise<number> => {
    if (performance.now() - seen.at < registriesEveryMs) return seen.changes;
    const text = JSON.stringify((await inventory.allRegistries()).map(shown));
    seen.at = performance.now();
    if (text !== seen.text) seen.changes++;
    seen.text = text;
    return seen.changes;
  };
  return {
    async revisions() {
      const [own, lastSeq, registries] = await Promise.all([
        facts.factRevisions(),
        inventory.lastSeq(),
        registryChanges(),
      ]);
      return { ...own, inventory: lastSeq, registries };
    },
    registries: () => inventory.allRegistries(),
    async repositories() {
      const all = [];
      for (let after = 0; ; ) {
        const rows = await inventory.readRepositories(after, atOnce);
        all.push(...rows);
        const last = rows.at(-1);
        if (last === undefined) return all;
        after = last.id;
      }
    },
    images: (since) => inventory.readImages(since),
    async gone(since) {
      const imageIds: number[] = [];
      let seq = since;
      for (;;) {
        const rows = await inventory.readGone(seq, atOnce);
        for (const row of rows) imageIds.push(row.imageId);
        const last = rows.at(-1);
        if (last === undefined) return { seq, imageIds };
        seq = last.seq;
      }
    },
    contents: (since) => facts.contents(since),
    sets: (since, wanted) => facts.sets(since, wanted),
    matches: (since) => facts.matches(since),
    setsOf: (ids) => facts.setsOf(ids),
    packages: (ids) => facts.packages(ids),
    vulnerabilities: (since) => facts.vulnerabilities(since),
    rules: () => facts.rules(),
    risks: (since) => facts.risks(since),
    riskSets: (since) => facts.riskSets(since),
    riskContents: (since) => facts.riskContents(since),
  };
}

/** What lists show of a registry; times of checks are no change of it. */
function shown(registry: RegistryRecord): unknown {
  const { checkedAt: _checked, syncedAt: _synced, ...rest } = registry;
  return rest;
}
