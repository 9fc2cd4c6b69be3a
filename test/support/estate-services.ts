import { EstateIndex, EstateQueries, type RecordIds } from '../../src/findings/index.ts';
import { type Call, createFindingService, createImageService, type ProjectScope } from '../../src/service/index.ts';
import type { EstateWorld } from './estate-world.ts';

/** Ids of records in memory: given out when first asked for. */
function memoryRecords(): RecordIds {
  const known: { id: number; imageId: number; vulnerabilityId: number }[] = [];
  return {
    async idsFor(pairs) {
      return pairs.map(({ imageId, vulnerabilityId }) => {
        const found = known.find((pair) => pair.imageId === imageId && pair.vulnerabilityId === vulnerabilityId);
        if (found !== undefined) return found.id;
        return known.push({ id: known.length + 1, imageId, vulnerabilityId });
      });
    },
    byIds: async (ids) => known.filter(({ id }) => ids.includes(id)),
  };
}

/** Image and finding services over a world; `fixing` may be filled by the test. */
export function estateServices(world: EstateWorld) {
  const fixing = new Map<string, ReadonlySet<string>>();
  const records = memoryRecords();
  const index = EstateIndex.lazy(world.source(), { now: () => world.now });
  const queries = new EstateQueries(index, { fixing: async () => fixing, records });
  return {
    fixing,
    images: createImageService({
      queries,
      tags: { tagHistory: async (_repository, tag) => [{ tag, digest: null, at: 1, source: 'poll', actor: null }] },
      report: async ({ uuid }) => ({ uuid }),
    }),
    findings: createFindingService({
      queries,
      records,
      facts: { image: async () => null, setsOf: world.source().setsOf },
      packagesNamed: async (name) => world.packages.filter((pkg) => pkg.name === name),
      fixing: async () => fixing,
    }),
  };
}

/** A call with the right to some projects. */
export function callFor(projects: ProjectScope): Call {
  return {
    projects,
    actor: { name: 'test', userId: null, accessKeyId: null, address: null, requestId: 'test' },
    signal: new AbortController().signal,
  };
}
