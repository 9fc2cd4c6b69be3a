import {
  type ChoiceStore,
  EstateIndex,
  EstateQueries,
  type RecordIds,
  type RiskStore,
} from '../../src/findings/index.ts';
import {
  type Call,
  createFindingService,
  createImageService,
  createRiskService,
  detectorCatalogue,
  type ProjectScope,
  type RiskServiceDeps,
} from '../../src/service/index.ts';
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

/** Names of findings of detectors in memory, and the findings of a world. */
function memoryRisks(world: EstateWorld): Pick<RiskStore, 'riskIdsFor' | 'risksByIds' | 'riskFindings'> {
  const names = memoryRecords();
  return {
    riskIdsFor: (pairs) => names.idsFor(pairs.map(({ imageId, keyId }) => ({ imageId, vulnerabilityId: keyId }))),
    risksByIds: async (ids) =>
      (await names.byIds(ids)).map(({ id, imageId, vulnerabilityId }) => ({ id, imageId, keyId: vulnerabilityId })),
    riskFindings: async (ids) => new Map([...(world.findings ?? [])].filter(([id]) => ids.includes(id))),
  };
}

/** Choices in memory. */
function memoryChoices(): ChoiceStore {
  const docs = new Map<string, unknown>();
  return {
    choice: async (name) => docs.get(name) ?? null,
    async choose(name, change) {
      docs.set(name, change(docs.get(name) ?? null));
      return docs.get(name);
    },
  };
}

/** Image, finding and risk services over a world; `fixing` may be filled by the test. */
export function estateServices(world: EstateWorld, decisions?: RiskServiceDeps['decisions']) {
  const fixing = new Map<string, ReadonlySet<string>>();
  const records = memoryRecords();
  const index = EstateIndex.lazy(world.source(), { now: () => world.now });
  const queries = new EstateQueries(index, { fixing: async () => fixing, records });
  const images = createImageService({
    queries,
    tags: { tagHistory: async (_repository, tag) => [{ tag, digest: null, at: 1, source: 'poll', actor: null }] },
    report: async ({ uuid }) => ({ uuid }),
  });
  const choices = memoryChoices();
  const none = async (): Promise<never> => {
    throw new TypeError('this test decides nothing');
  };
  return {
    ...{ fixing, images, choices, queries },
    risks: createRiskService({
      ...{ queries, store: memoryRisks(world), choices, images, catalogue: detectorCatalogue },
      decisions: decisions ?? { add: none, revoke: none, page: none },
      audit: { record: async () => undefined },
      clock: { now: () => new Date(world.now) },
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
