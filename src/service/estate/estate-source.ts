import type { EstateSource, FactsSource } from '../../findings/index.ts';
import type { ImageStore } from '../../inventory/index.ts';

const batch = 1000;

/** The readers of the estate index: facts from the findings store, images and where they are from the inventory. */
export function createEstateSource(facts: FactsSource, inventory: ImageStore): EstateSource {
  const { contents, sets, matches, setsOf, packages, vulnerabilities, rules } = facts;
  return {
    ...{ contents, sets, matches, setsOf, packages, vulnerabilities, rules },
    async revisions() {
      const [revisions, seq] = await Promise.all([facts.factRevisions(), inventory.lastSeq()]);
      return { ...revisions, inventory: seq };
    },
    registries: () => inventory.allRegistries(),
    async repositories() {
      const all: Awaited<ReturnType<ImageStore['readRepositories']>>[number][] = [];
      for (let after = 0; ; ) {
        const rows = await inventory.readRepositories(after, batch);
        all.push(...rows);
        const last = rows.at(-1);
        if (last === undefined || rows.length < batch) return all;
        after = last.id;
      }
    },
    images: (sinceSeq) => inventory.readImages(sinceSeq),
    async gone(sinceSeq) {
      const imageIds: number[] = [];
      for (let seq = sinceSeq; ; ) {
        const rows = await inventory.readGone(seq, batch);
        imageIds.push(...rows.map(({ imageId }) => imageId));
        seq = rows.at(-1)?.seq ?? seq;
        if (rows.length < batch) return { seq, imageIds };
      }
    },
  };
}
