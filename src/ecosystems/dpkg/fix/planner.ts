import type { BlobStore } from '../../../image/index.ts';
import type { Progress } from '../../../kernel/index.ts';
import type { Fixer, FixFinding, FixInput, FixPlan, PlannedOutcome, Upgrade } from '../../fix-contract.ts';
import type { DebReader } from '../deb/contract.ts';
import { debianArchitecture } from './architecture.ts';
import { type DpkgDatabase, readDatabase } from './database.ts';
import { installedUnit } from './installed-unit.ts';
import { openArchive } from './repository/archive.ts';
import type { ArchiveDeps } from './repository/deps.ts';
import { downloadPackages } from './repository/download.ts';
import type { Obstacle, Solution, SolvedUpgrade } from './solver/contract.ts';
import { solve } from './solver/solve.ts';
import { type Triage, triageAvailable, triageInstalled } from './triage.ts';
import type { PackageUniverse } from './universe.ts';

/** What planning and fetching need of the outside. */
export interface PlannerDeps extends ArchiveDeps {
  readonly blobs: BlobStore;
  readonly reader: DebReader;
}

/** New packages that a plan may bring (fix-engine.md §1). */
const maxNewPackages = 20;

/** Plans from verified package archives and fetches what was planned. */
export function createDpkgPlanner(deps: PlannerDeps): Pick<Fixer, 'plan' | 'fetch'> {
  return {
    plan: (input, signal, progress) => plan(input, deps, signal, progress),
    fetch: (fixPlan, signal, progress) => downloadPackages(fixPlan.upgrades, deps, signal, progress),
  };
}

async function plan(input: FixInput, deps: PlannerDeps, signal: AbortSignal, progress: Progress): Promise<FixPlan> {
  const database = readDatabase(input.view);
  const arch = debianArchitecture(input.platform);
  if (arch === undefined) return emptyPlan(input, input.findings.map(noArchitecture));

  const triaged = input.findings.map((finding) => triageInstalled(finding, database, arch));
  // Without anything to repair no archive needs to be reachable.
  if (triaged.every((one) => 'outcome' in one)) return emptyPlan(input, outcomesOf(triaged));

  progress({ kind: 'stage', stage: 'plan', detail: 'package indexes' });
  const universe = await openArchive(input.os, arch, deps, signal);
  const available = triaged.map((one): Triage => {
    if ('outcome' in one) return one;
    const outcome = triageAvailable(one.finding, one.installed, one.fixed, universe);
    return outcome === undefined ? one : { outcome };
  });
  const roots = new Set(available.flatMap((one) => ('outcome' in one ? [] : [one.installed.name])));
  const solution = solve({
    installed: database.installed.map(installedUnit),
    universe,
    roots: [...roots].sort(),
    obstacles: obstaclesOf(input),
    maxNew: database.layout === 'distroless' ? 0 : maxNewPackages,
  });
  return finishPlan(input, database, universe, solution, available);
}

function finishPlan(
  input: FixInput,
  database: DpkgDatabase,
  universe: PackageUniverse,
  solution: Solution,
  triaged: readonly Triage[],
): FixPlan {
  const byName = new Map(solution.upgrades.map((upgrade) => [upgrade.candidate.name, upgrade]));
  const outcomes = triaged.map((one): PlannedOutcome => {
    if ('outcome' in one) return one.outcome;
    const { finding } = one;
    const upgrade = byName.get(one.installed.name);
    if (upgrade !== undefined) return { finding, outcome: 'fixed', to: upgrade.candidate.version, detail: null };
    const obstacle = solution.failed.get(one.installed.name);
    const detail = obstacle?.detail ?? `${one.installed.name} cannot be moved`;
    return { finding, outcome: obstacle?.outcome ?? 'conflict', to: null, detail };
  });
  const upgrades = solution.upgrades.map(toUpgrade);
  const download = upgrades.reduce((sum, { size }) => sum + size, 0);
  return {
    ...emptyPlan(input, outcomes),
    indexes: universe.indexes,
    upgrades,
    ...(solution.unmet.length > 0 && { unmet: solution.unmet }),
    // A new layer holds what the packages hold, less what did not change: their own size is a fair upper estimate.
    estimate: { download, layer: download },
    diagnostics: [...database.diagnostics, ...universe.diagnostics],
  };
}

function emptyPlan(input: FixInput, outcomes: readonly PlannedOutcome[]): FixPlan {
  return {
    schema: 1,
    ecosystem: 'dpkg',
    revision: input.revision,
    plannedAt: `${input.plannedAt.toISOString().slice(0, 19)}Z`,
    platform: input.platform,
    indexes: [],
    upgrades: [],
    outcomes,
    estimate: { download: 0, layer: 0 },
    diagnostics: [],
  };
}

function noArchitecture(finding: FixFinding): PlannedOutcome {
  const detail = 'there are no packages for the platform of this image';
  return { finding, outcome: 'unsupported', to: null, detail };
}

function outcomesOf(triaged: readonly Triage[]): PlannedOutcome[] {
  return triaged.flatMap((one) => ('outcome' in one ? [one.outcome] : []));
}

function obstaclesOf(input: FixInput): Map<string, Obstacle> {
  const found = new Map<string, Obstacle>();
  for (const name of input.pinned) found.set(name, { outcome: 'held', detail: `${name} is pinned by policy` });
  for (const { package: name, outcome, detail } of input.rejected) found.set(name, { outcome, detail });
  return found;
}

function toUpgrade({ candidate, from, reason }: SolvedUpgrade): Upgrade {
  const { name, arch, source, version, archive, suite, component, path, sha256, size } = candidate;
  const repository = `${archive} ${suite}/${component}`;
  return { name, arch, source, from, to: version, repository, path, archive, sha256, size, reason };
}
