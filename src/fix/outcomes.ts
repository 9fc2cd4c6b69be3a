import type { FixFinding, FixPlan, Outcome } from '../ecosystems/index.ts';
import { type ReportOutcome, type ScanReport, vulnerabilitiesIn } from '../findings/index.ts';
import { FixError } from './errors.ts';
import type { Grain } from './select.ts';

/** A grain with what the plan intends for it; `fixed` means "to be fixed" until the rescan has proven it. */
export interface PlannedGrain {
  readonly grain: Grain;
  readonly outcome: Outcome;
  readonly to: string | null;
  readonly detail: string | null;
}

/** Worst first: a grain of several architectures, and a vulnerability of several packages, is as bad as its worst. */
const ranking: readonly Outcome[] = [
  'still_present',
  'invalid_metadata',
  'unsupported',
  'end_of_life',
  'no_fix_published',
  'fix_not_in_repository',
  'held',
  'conflict',
  'download_failed',
  'needs_script',
  'cancelled',
  'fixed',
  'not_affected',
];

/** The worst of some outcomes; undefined for none. */
export function worstOutcome(outcomes: Iterable<Outcome>): Outcome | undefined {
  const present = new Set(outcomes);
  return ranking.find((outcome) => present.has(outcome));
}

/** Whether an outcome is what the user wanted: the vulnerability is gone or was never there. */
export function isSatisfied(outcome: Outcome): boolean {
  return outcome === 'fixed' || outcome === 'not_affected';
}

/**
 * What a plan intends for every requested grain.
 * @throws FixError `internal` when the planner forgot one: every request ends in exactly one outcome
 */
export function plannedOutcomes(grains: readonly Grain[], plan: FixPlan): readonly PlannedGrain[] {
  const byFinding = new Map(plan.outcomes.map((planned) => [keyOf(planned.finding), planned]));
  return grains.map((grain) => {
    if (grain.settled) return { grain, to: null, ...grain.settled };
    const planned = grain.findings.map((finding) => {
      const outcome = byFinding.get(keyOf(finding));
      if (outcome) return outcome;
      throw new FixError('internal', `the plan says nothing about ${finding.id} in ${finding.package}`);
    });
    const worst = worstOutcome(planned.map(({ outcome }) => outcome)) ?? 'not_affected';
    const chosen = planned.find(({ outcome }) => outcome === worst);
    return { grain, outcome: worst, to: chosen?.to ?? null, detail: chosen?.detail ?? null };
  });
}

/** The version is left out: a plan below our earlier layer sees an older one. */
function keyOf(finding: FixFinding): string {
  return JSON.stringify([finding.id, finding.package, finding.arch]);
}

/** What decides about the outcomes of one platform at the end. */
export interface OutcomeInput {
  readonly grains: readonly Grain[];
  /** undefined when the task ended before it could plan. */
  readonly plan: FixPlan | undefined;
  /** Why this platform cannot be written; overrides everything but settled grains. */
  readonly unsupported: string | undefined;
  /** The rescan of the pushed digest. */
  readonly after: ScanReport | undefined;
  /** Why the result was not delivered: what would have been fixed is then `cancelled`. */
  readonly heldBack: string | undefined;
  /** Package to the ids that its own changelog names. */
  readonly changelogs: ReadonlyMap<string, ReadonlySet<string>>;
  /** Set when the task covers several platforms. */
  readonly platform: string | undefined;
}

/** Exactly one outcome for every grain, in the order of the grains. */
export function finalOutcomes(input: OutcomeInput): readonly ReportOutcome[] {
  const planned = input.plan && plannedOutcomes(input.grains, input.plan);
  return input.grains.map((grain, index) => {
    const intended = planned?.[index];
    const { outcome, detail } = decide(grain, intended, input);
    return {
      id: grain.id,
      package: grain.package,
      from: grain.from,
      to: intended?.to ?? null,
      outcome,
      detail,
      evidence: {
        rescan: input.after && grain.package !== null ? (isPresent(input.after, grain) ? 'present' : 'absent') : null,
        changelog: changelogEvidence(grain, intended, input.changelogs),
      },
      ...(input.platform !== undefined && { platform: input.platform }),
    };
  });
}

function decide(
  grain: Grain,
  intended: PlannedGrain | undefined,
  input: OutcomeInput,
): { outcome: Outcome; detail: string | null } {
  if (grain.settled) return grain.settled;
  if (input.unsupported !== undefined) return { outcome: 'unsupported', detail: input.unsupported };
  if (!intended) return { outcome: 'cancelled', detail: input.heldBack ?? null };
  if (intended.outcome !== 'fixed') return intended;
  const problem = input.after && input.plan && notProven(grain, input.plan, input.after);
  if (problem !== undefined) return { outcome: 'still_present', detail: problem };
  if (input.heldBack !== undefined) return { outcome: 'cancelled', detail: input.heldBack };
  return intended;
}

/** Why the rescan does not prove that a grain is fixed; undefined when it does. */
export function notProven(grain: Grain, plan: FixPlan, after: ScanReport): string | undefined {
  if (isPresent(after, grain)) return 'the rescan of the pushed image still reports it';
  for (const upgrade of plan.upgrades) {
    if (upgrade.name !== grain.package) continue;
    const shown = after.packages.some(
      ({ name, version, arch }) => name === upgrade.name && version === upgrade.to && arch === upgrade.arch,
    );
    if (!shown) return `the rescan does not show ${upgrade.name} ${upgrade.to}`;
  }
  return undefined;
}

/** Whether a report holds the grain's vulnerability in the grain's package, in whatever version. */
function isPresent(report: ScanReport, grain: Grain): boolean {
  const purls = new Set(report.packages.filter(({ name }) => name === grain.package).map(({ purl }) => purl));
  return vulnerabilitiesIn(report).some((finding) => finding.id === grain.id && purls.has(finding.package));
}

function changelogEvidence(
  grain: Grain,
  intended: PlannedGrain | undefined,
  changelogs: OutcomeInput['changelogs'],
): ReportOutcome['evidence']['changelog'] {
  if (intended?.outcome !== 'fixed' || grain.package === null) return null;
  const named = changelogs.get(grain.package);
  if (named === undefined) return null;
  return [grain.id, ...grain.aliases].some((id) => named.has(id)) ? 'names the CVE' : 'silent';
}
