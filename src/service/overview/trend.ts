import { Pacer, type Snapshot, talliesOf } from '../../findings/index.ts';
import { dayMs } from '../../kernel/index.ts';
import type { Call, TrendDay } from '../contract/index.ts';
import type { RetentionStep } from '../jobs/retention.ts';
import { inScope } from '../project-scope.ts';
import type { DailyCounts, OverviewDeps } from './ports.ts';

/** Days that are kept. */
const keptDays = 400;
/** How often what is seen of a day is written down while pages ask for it. */
const writeEveryMs = 5 * 60_000;
/** Age of the newest record of a day beyond which tidying counts anew. */
const recordAgainMs = 6 * 60 * 60_000;

type TrendDeps = Pick<OverviewDeps, 'queries' | 'store' | 'clock'>;
type Sums = Omit<DailyCounts, 'projectId' | 'day'>;

const none: Sums = {
  ...{ critical: 0, high: 0, medium: 0, low: 0, unknown: 0, fixable: 0, kev: 0 },
  ...{ images: 0, scanned: 0, imagesAtRisk: 0, baseline: 0, instruction: 0, malicious: 0, sensitive: 0 },
};
const columns = Object.keys(none) as readonly (keyof Sums)[];

/** The number of a day since 1970 UTC. */
function dayOf(ms: number): number {
  return Math.floor(ms / dayMs);
}

/** Answers the trend, and writes down what it sees of today for everybody. */
export function createTrend({ queries, store, clock }: TrendDeps) {
  let written = { at: -Infinity, snapshot: undefined as Snapshot | undefined };
  return async (call: Call, days: number): Promise<readonly TrendDay[]> => {
    const now = clock.now().getTime();
    const today = dayOf(now);
    const snapshot = await queries.snapshot();
    const counted = await countProjects(snapshot, today, call.signal);
    if (snapshot !== written.snapshot && (now - written.at >= writeEveryMs || dayOf(written.at) !== today)) {
      written = { at: now, snapshot };
      await store.put(counted, now);
    }
    const wanted = Math.max(1, Math.min(days, keptDays));
    const past = await store.days(call.projects, today - wanted + 1, today - 1);
    const seen = counted.filter(({ projectId }) => inScope(call.projects, projectId));
    const byDay = Map.groupBy([...past, ...seen], ({ day }) => day);
    return [...byDay].sort(([a], [b]) => a - b).map(([day, rows]) => sumOf(day, rows));
  };
}

/** Writes the numbers of today down. */
export async function recordDay(deps: TrendDeps, signal: AbortSignal): Promise<void> {
  const now = deps.clock.now().getTime();
  const today = dayOf(now);
  await deps.store.put(await countProjects(await deps.queries.snapshot(), today, signal), now);
}

/**
 * Records today once in a while, whether or not anybody looks at a page, and forgets what is too old.
 * @param record writes today down; called only when that was not done lately
 */
export function trendRetention(deps: {
  readonly store: OverviewDeps['store'];
  readonly record: (signal: AbortSignal) => Promise<void>;
}): RetentionStep {
  return {
    name: 'trend',
    async run(now, signal) {
      const today = dayOf(now);
      await deps.store.prune(today - keptDays + 1);
      const recorded = await deps.store.recordedAt(today);
      if (recorded === null || now - recorded >= recordAgainMs) await deps.record(signal);
    },
  };
}

function sumOf(day: number, rows: readonly DailyCounts[]): TrendDay {
  const sums: Record<keyof Sums, number> = { ...none };
  for (const row of rows) for (const column of columns) sums[column] += row[column];
  const total = sums.critical + sums.high + sums.medium + sums.low + sums.unknown;
  return { day: new Date(day * dayMs).toISOString().slice(0, 10), total, ...sums };
}

/** The numbers of every project with an image that a tag points at. */
async function countProjects(snapshot: Snapshot, day: number, signal: AbortSignal): Promise<readonly DailyCounts[]> {
  const { images } = snapshot;
  const tallies = await talliesOf(snapshot, () => new Pacer());
  const pacer = new Pacer(signal);
  const found = new Map<number, Record<keyof Sums, number>>();
  for (let image = 0; image < images.count; image++) {
    if ((image & 1023) === 0 && pacer.due()) await pacer.rest();
    const project = images.repositories[images.repository[image] as number]?.projectId;
    if (images.current[image] === 0 || project === undefined) continue;
    const sums = found.get(project) ?? { ...none };
    found.set(project, sums);
    for (const kind of ['cve', 'sca'] as const) {
      const counts = tallies.kind(image, kind);
      for (const level of ['critical', 'high', 'medium', 'low', 'unknown', 'fixable'] as const) {
        sums[level] += counts[level];
      }
    }
    for (const kind of ['baseline', 'instruction', 'malicious', 'sensitive'] as const) {
      sums[kind] += tallies.risks.open(image, kind);
    }
    sums.kev += tallies.kev(image);
    sums.images++;
    if (images.rows.number('scannedAt', image) !== null) sums.scanned++;
    if (tallies.worst(image) >= 0 || tallies.risks.total(image) > 0) sums.imagesAtRisk++;
  }
  return [...found].map(([projectId, sums]) => ({ projectId, day, ...sums }));
}
