import { countPerMatch, type Filter, Pacer, type Plan } from '../../findings/index.ts';
import { compareText } from '../../kernel/index.ts';
import type { Call, PackageAdvice } from '../contract/index.ts';
import type { OverviewDeps } from './ports.ts';

/** Package versions that advice is given on at a time. */
const mostPackages = 100;

/** What upgrading versions of a package would end, from the matches that hold now. */
export async function packageAdvice(
  { queries, versions }: Pick<OverviewDeps, 'queries' | 'versions'>,
  call: Call,
  { name, version }: { readonly name: string; readonly version?: string },
): Promise<readonly PackageAdvice[]> {
  const tests: Filter[] = [
    { field: 'package.name', op: 'in', values: [name] },
    { field: 'fixable', op: 'is', value: true },
    { field: 'handled', op: 'is', value: false },
    ...(version === undefined ? [] : [{ field: 'package.version', op: 'in', values: [version] } as const]),
  ];
  const plan = await queries.plan({ and: tests }, call.projects, call.signal);
  const { findings } = await countPerMatch(plan, new Pacer(call.signal));
  const { matches } = plan.snapshot;
  const found: PackageAdvice[] = [];
  for (const [slot, pkg] of matches.packages.slice(0, matches.packageCount).entries()) {
    // The filter knows packages by the name of their source as well.
    if (pkg.name !== name || (version !== undefined && pkg.version !== version)) continue;
    const open = [...matches.ofPackage.row(slot)]
      .map((match) => ({ to: matches.fixedVersion[match] ?? null, findings: findings[match] as number }))
      .filter((one) => one.findings > 0);
    if (open.length === 0) continue;
    const { purl, type } = pkg;
    found.push({
      ...{ purl, type, name, version: pkg.version },
      images: imagesWith(plan, slot),
      findings: open.reduce((sum, one) => sum + one.findings, 0),
      upgrades: upgradesOf(open, versions(type)),
    });
  }
  return found.sort((a, b) => b.findings - a.findings || compareText(a.purl, b.purl)).slice(0, mostPackages);
}

/** Cumulative: a version repairs everything that is fixed in it or in an earlier one. */
function upgradesOf(
  open: readonly { readonly to: string | null; readonly findings: number }[],
  scheme: ReturnType<OverviewDeps['versions']>,
): PackageAdvice['upgrades'] {
  if (scheme === undefined) return [];
  const byVersion = new Map<string, number>();
  for (const { to, findings } of open) {
    if (to !== null && scheme.valid(to)) byVersion.set(to, (byVersion.get(to) ?? 0) + findings);
  }
  let removes = 0;
  return [...byVersion]
    .sort(([a], [b]) => scheme.compare(a, b) || compareText(a, b))
    .map(([to, findings]) => {
      removes += findings;
      return { to, removes };
    });
}

function imagesWith(plan: Plan, slot: number): number {
  const { sets, contents, images } = plan.snapshot;
  const found = new Set<number>();
  for (const set of sets.ofPackage.row(slot)) {
    for (const content of contents.ofSet.row(set)) {
      for (const image of images.ofContent.row(content)) if (plan.position(image) >= 0) found.add(image);
    }
  }
  return found.size;
}
