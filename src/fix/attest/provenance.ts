import type { Upgrade } from '../../ecosystems/index.ts';
import { imagePurl } from '../../findings/index.ts';
import type { Digest } from '../../image/index.ts';
import type { FixFacts } from './contract.ts';
import { buildStatement, digestSet, type Statement } from './statement.ts';

/** Predicate type of SLSA provenance v1. */
export const provenancePredicate = 'https://slsa.dev/provenance/v1';

/** How we build: names the meaning of the parameters below. A change of meaning takes another number. */
export const fixBuildType = 'urn:drydock:build:image-fix:v1';

/**
 * SLSA provenance of a fixed image: from which source, on whose request, with which signed indexes and packages, by
 * which engine. `locate` gives the public URI of a package; without it packages are named by archive and path.
 */
export function buildProvenanceStatement(
  facts: FixFacts,
  subjects: readonly { readonly name: string; readonly digest: Digest }[],
  locate: (upgrade: Upgrade) => string | undefined = () => undefined,
): Statement {
  return buildStatement(subjects, provenancePredicate, {
    buildDefinition: {
      buildType: fixBuildType,
      externalParameters: {
        source: { reference: facts.source.reference, digest: facts.source.digest, platform: facts.source.platform },
        selection: facts.request.selection,
        requested: facts.request.requested,
        policy: { strategy: facts.request.strategy, gate: facts.request.gate, pinned: facts.request.pinned },
      },
      internalParameters: {
        ecosystem: facts.plan.ecosystem,
        revision: facts.plan.revision,
        plannedAt: facts.plan.plannedAt,
      },
      resolvedDependencies: resolvedDependencies(facts, locate),
    },
    runDetails: {
      builder: { id: 'urn:drydock:engine', version: { drydock: facts.version } },
      metadata: { invocationId: facts.task, startedOn: facts.startedAt, finishedOn: facts.finishedAt },
      byproducts: [
        { name: 'plan', digest: digestSet(facts.planDigest), mediaType: 'application/json' },
        { name: 'rescan-report', digest: digestSet(facts.rescanDigest), mediaType: 'application/json' },
      ],
    },
  });
}

function resolvedDependencies(facts: FixFacts, locate: (upgrade: Upgrade) => string | undefined): object[] {
  return [
    { name: 'source-image', uri: imagePurl(facts.source), digest: digestSet(facts.source.digest) },
    ...facts.plan.indexes.map((index) => ({
      name: `index ${index.archive} ${index.suite}`,
      uri: `urn:drydock:archive:${encodeURIComponent(index.archive)}:dists/${index.suite}/InRelease`,
      digest: digestSet(index.inRelease),
      annotations: { date: index.date, packages: index.packages },
    })),
    ...facts.plan.upgrades.map((upgrade) => ({
      name: `package ${upgrade.name} ${upgrade.to} ${upgrade.arch}`,
      uri: locate(upgrade) ?? `urn:drydock:archive:${encodeURIComponent(upgrade.archive)}:${upgrade.path}`,
      digest: { sha256: upgrade.sha256 },
    })),
    ...facts.dropped.map((digest) => ({ name: 'dropped-attestation', digest: digestSet(digest) })),
  ];
}
