import type { FixPlan } from '../../ecosystems/index.ts';
import type { FixRun } from '../../fix/index.ts';
import type { InventoryImage } from '../../inventory/index.ts';
import { compareText } from '../../kernel/index.ts';
import type { PlannedUpgrade, PlanResult } from '../contract/index.ts';
import { outcomesById, outcomeTotals } from '../fixes/outcomes-by-id.ts';

/** Most warnings of a plan that are shown; a scan of a broken image may have thousands. */
const mostWarnings = 200;

/** What a planned run of the engine says, as it is shown before the fix is ordered. */
export function describePlan(
  run: FixRun & { readonly preview: NonNullable<FixRun['preview']> },
  image: Pick<InventoryImage, 'tag'>,
  tag: string,
  mirror: (archive: string) => string | null,
): PlanResult {
  const { report, plans, preview, target } = run;
  const [part] = preview.parts;
  const outcomes = outcomesById(
    report.outcomes,
    preview.parts.map(({ before }) => before),
  );
  const totals = outcomeTotals(outcomes);
  const upgrades = plans.flatMap((plan) => upgradesOf(plan, mirror)).sort(mostFirst);
  const files = plans.flatMap((plan) => plan.upgrades);
  return {
    verdict: verdictOf(run, totals.fixed),
    advisories: {
      snapshot: part?.before.advisories.snapshot ?? '',
      createdAt: part?.before.advisories.createdAt ?? '',
    },
    source: report.source,
    target: { reference: target, tag },
    totals,
    upgrades,
    outcomes,
    download: { packages: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) },
    layer: { bytes: plans.reduce((sum, { estimate }) => sum + estimate.layer, 0), basis: 'package_files' },
    mirrors: mirrorsOf(plans, mirror),
    unchanged: {
      config: part?.parameters ?? [],
      layers: part?.layers ?? 0,
      replacesOwnLayer: preview.parts.some(({ replacesOwnLayer }) => replacesOwnLayer),
      otherPlatforms: preview.untouched,
      sourceTag: image.tag,
    },
    warnings: report.diagnostics.slice(0, mostWarnings).map(({ code, message }) => ({ code, message })),
  };
}

function verdictOf({ failure, report, preview }: FixRun, fixed: number): PlanResult['verdict'] {
  const refusal = failure === undefined ? preview?.refusal : report.task.reason;
  if (refusal) return { builds: false, ...refusal };
  if (fixed > 0) return { builds: true, code: null, message: null };
  return { builds: false, code: 'nothing_to_do', message: 'nothing of what was asked for is in the image' };
}

function upgradesOf(plan: FixPlan, mirror: (archive: string) => string | null): readonly PlannedUpgrade[] {
  const fixed = new Map<string, Set<string>>();
  for (const { outcome, finding } of plan.outcomes) {
    if (outcome !== 'fixed') continue;
    const ids = fixed.get(finding.package) ?? new Set();
    fixed.set(finding.package, ids.add(finding.id));
  }
  const groups = Map.groupBy(plan.upgrades, ({ source, archive, repository }) =>
    JSON.stringify([source.name, source.version, archive, repository]),
  );
  return [...groups.values()].flatMap((group): PlannedUpgrade[] => {
    const [first] = group;
    if (first === undefined) return [];
    const fixes = new Set(group.flatMap(({ name }) => [...(fixed.get(name) ?? [])]));
    return [
      {
        source: first.source.name,
        from: group.find(({ from }) => from !== null)?.from ?? null,
        to: first.source.version,
        repository: first.repository,
        mirror: mirror(first.archive),
        packages: group.map(({ name, arch, from, to, size, reason }) => ({ name, arch, from, to, size, reason })),
        fixes: [...fixes].sort(),
        bytes: group.reduce((sum, { size }) => sum + size, 0),
      },
    ];
  });
}

function mostFirst(a: PlannedUpgrade, b: PlannedUpgrade): number {
  return b.fixes.length - a.fixes.length || compareText(a.source, b.source);
}

function mirrorsOf(plans: readonly FixPlan[], mirror: (archive: string) => string | null): PlanResult['mirrors'] {
  const archives = new Map<string, Map<string, string>>();
  for (const { archive, suite, date } of plans.flatMap(({ indexes }) => indexes)) {
    const suites = archives.get(archive) ?? new Map<string, string>();
    archives.set(archive, suites.set(suite, date));
  }
  return [...archives].map(([archive, suites]) => ({
    archive,
    url: mirror(archive),
    suites: [...suites].map(([suite, date]) => ({ suite, date })),
  }));
}
