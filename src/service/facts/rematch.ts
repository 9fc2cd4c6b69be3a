import { type AdvisoryIndex, type AdvisoryService, prioritise } from '../../advisories/index.ts';
import type { Ecosystem } from '../../ecosystems/index.ts';
import type {
  Generation,
  GenerationChange,
  GenerationResult,
  MatchStore,
  PackageChange,
  StoredPackage,
  VulnerabilityScores,
} from '../../findings/index.ts';
import { lookupsOf, packageMatching } from './matching.ts';

/** What a re-match works with. */
export interface RematchDeps {
  readonly store: MatchStore;
  readonly advisories: Pick<AdvisoryService, 'open' | 'changedKeys'>;
  readonly ecosystems: readonly Ecosystem[];
}

export interface RematchRun {
  readonly full: boolean;
  readonly at: number;
  readonly signal: AbortSignal;
  /** Packages looked at so far. */
  readonly progress: (packages: number) => void;
}

/**
 * Brings the matches of the whole estate to the active advisories: only packages under names whose advisories changed are
 * looked at, and none of their images.
 * @returns null when nothing was scanned yet, or when everything is as the active advisories say
 * @throws FactsError `generation_moved` when another re-match was faster
 */
export async function rematch(deps: RematchDeps, run: RematchRun): Promise<GenerationResult | null> {
  const { store, advisories } = deps;
  const basis = await store.generation();
  if (basis === null) return null;
  using index = await advisories.open();
  // Before anything is read: what comes in later is matched in the transaction.
  const lastPackageId = await store.lastPackageId();
  const changed = run.full ? 'all' : await advisories.changedKeys(basis.snapshot.id, index.snapshot.id);
  const sameSnapshot = basis.snapshot.id === index.snapshot.id;
  if (sameSnapshot && !run.full && !(await hasAny(store.pendingPackages()))) return null;
  const scores = await changedScores(store, index, run.signal);
  const priorities = changed === 'all' ? [] : await changedPriorities(store, scores);
  // Awaited here: the advisories are closed when this returns.
  return await store.advance({
    ...{ basis, lastPackageId, at: run.at, scores, priorities },
    reason: reasonOf(basis, index, run),
    matching: packageMatching(index, deps.ecosystems),
    changes: changesOf(deps, index, changed, lastPackageId, run),
  });
}

function reasonOf(basis: Generation, index: AdvisoryIndex, { full }: RematchRun): string {
  if (basis.snapshot.id !== index.snapshot.id) return 'advisories';
  return full ? 'full' : 'pending';
}

async function hasAny(batches: AsyncIterable<readonly unknown[]>): Promise<boolean> {
  for await (const batch of batches) if (batch.length > 0) return true;
  return false;
}

/** Candidates with what the advisories say of them now. */
async function* changesOf(
  { store, ecosystems }: RematchDeps,
  index: AdvisoryIndex,
  changed: Awaited<ReturnType<AdvisoryService['changedKeys']>>,
  lastPackageId: number,
  { signal, progress }: RematchRun,
): AsyncGenerator<readonly PackageChange[]> {
  const matching = packageMatching(index, ecosystems);
  const keys = changed === 'all' ? null : new Set(changed.map(({ ecosystem, name }) => `${ecosystem}\n${name}`));
  const isCandidate = (pkg: StoredPackage): boolean =>
    pkg.id <= lastPackageId &&
    (keys === null || lookupsOf(pkg, ecosystems).some(({ ecosystem, name }) => keys.has(`${ecosystem}\n${name}`)));
  let done = 0;
  const matched = (packages: readonly StoredPackage[]): PackageChange[] => {
    signal.throwIfAborted();
    done += packages.length;
    progress(done);
    const found = matching.matchesOf(packages);
    return packages.map(({ id }, position) => ({ packageId: id, matches: found[position] ?? [] }));
  };
  const seen = new Set<number>();
  if (changed === 'all') {
    for await (const batch of store.allPackages()) yield matched(batch.filter(isCandidate));
    return;
  }
  const names = [...new Set(changed.map(({ name }) => name))];
  for await (const batch of store.packagesNamed(names)) {
    const candidates = batch.filter(isCandidate);
    for (const { id } of candidates) seen.add(id);
    yield matched(candidates);
  }
  for await (const batch of store.pendingPackages()) {
    yield matched(batch.filter(({ id }) => id <= lastPackageId && !seen.has(id)));
  }
}

type NamedScores = VulnerabilityScores & { readonly name: string; readonly old: VulnerabilityScores };

/** Vulnerabilities whose exploitation or prediction is another than what is stored. */
async function changedScores(store: MatchStore, index: AdvisoryIndex, signal: AbortSignal): Promise<NamedScores[]> {
  const changed: NamedScores[] = [];
  for await (const batch of store.scores()) {
    signal.throwIfAborted();
    const predictions = index.predictions(batch.map(({ name }) => name));
    for (const old of batch) {
      const { kev = false, epss = null } = predictions.get(old.name) ?? {};
      const same =
        kev === old.kev &&
        ppm(epss?.score) === ppm(old.epss?.score) &&
        ppm(epss?.percentile) === ppm(old.epss?.percentile);
      if (!same) changed.push({ vulnerabilityId: old.vulnerabilityId, name: old.name, kev, epss, old });
    }
  }
  return changed;
}

function ppm(share: number | undefined): number {
  return share === undefined ? -1 : Math.round(share * 1_000_000);
}

const atOnce = 500;

/** Priorities that change with the scores; most changes of a score do not pass a threshold of the ladder. */
async function changedPriorities(
  store: MatchStore,
  scores: readonly NamedScores[],
): Promise<GenerationChange['priorities']> {
  const relevant = scores.filter((now) => stepOf(now) !== stepOf(now.old));
  const byId = new Map(relevant.map((score) => [score.vulnerabilityId, score]));
  const changed: GenerationChange['priorities'][number][] = [];
  for (let at = 0; at < relevant.length; at += atOnce) {
    const ids = relevant.slice(at, at + atOnce).map(({ vulnerabilityId }) => vulnerabilityId);
    for (const match of await store.matchesOfVulnerabilities(ids)) {
      const { packageId, vulnerabilityId, state, fixedVersion, severity } = match;
      const { kev = false, epss = null } = byId.get(vulnerabilityId) ?? {};
      const { priority } = prioritise({ package: match.package, state, fixedVersion, severity, kev, epss });
      if (priority !== match.priority) changed.push({ packageId, vulnerabilityId, priority });
    }
  }
  return changed;
}

/** What the ladder makes of scores alone. */
function stepOf({ kev, epss }: VulnerabilityScores): string {
  const fixable = { package: { type: '', name: '', source: null }, state: 'fixed', fixedVersion: '1' } as const;
  const severity = { level: 'low', source: null, score: null, vector: null } as const;
  return `${kev} ${prioritise({ ...fixable, severity, kev: false, epss }).priority}`;
}
