import type { FixPlan } from '../ecosystems/index.ts';
import type { FixReport, FixStage, FixStatus, ReportOutcome } from '../findings/index.ts';
import type { OpenedReference } from '../image/index.ts';
import type { Diagnostic } from '../kernel/index.ts';
import type { FixDeps, FixRequest } from './contract.ts';
import type { BuiltImage, BuiltPart } from './image.ts';
import { finalOutcomes } from './outcomes.ts';
import type { FixPart } from './part.ts';
import type { PlannedPart } from './plan.ts';
import { buildReport } from './report.ts';
import type { ResolvedTarget } from './target.ts';
import type { FixTask } from './task.ts';
import type { PartVerification } from './verify.ts';

/** What a run knows at the moment; the stages fill it, the report is a picture of it. */
export interface RunState {
  readonly request: FixRequest;
  readonly deps: FixDeps;
  readonly signal: AbortSignal;
  readonly opened: OpenedReference;
  readonly target: ResolvedTarget;
  readonly parts: readonly FixPart[];
  readonly task: FixTask;
  /** By platform. */
  readonly plans: Map<string, FixPlan>;
  /** Plans with their ground; a plan loaded from an earlier run gets its ground only when it is needed. */
  readonly planned: Map<string, PlannedPart>;
  readonly unsupported: Map<string, string>;
  readonly built: Map<string, BuiltPart>;
  readonly verifications: Map<string, PartVerification>;
  readonly diagnostics: Diagnostic[];
  image: BuiltImage | undefined;
}

/** How a run ended, or stands. */
export interface Ending {
  readonly status: FixStatus;
  readonly stage: FixStage;
  readonly reason: { readonly code: string; readonly message: string } | null;
}

/** The outcomes of one platform as far as they are known. */
export function outcomesOf(state: RunState, part: FixPart, heldBack: string | undefined): readonly ReportOutcome[] {
  const { platform } = part;
  const changelogs = state.built.get(platform)?.built.changelogs ?? [];
  return finalOutcomes({
    grains: part.selection.grains,
    plan: state.plans.get(platform),
    unsupported: state.unsupported.get(platform),
    after: state.verifications.get(platform)?.after,
    heldBack,
    changelogs: new Map(changelogs.map(([name, ids]) => [name, new Set(ids)])),
    platform: state.parts.length > 1 ? platform : undefined,
  });
}

/** The report of a run in the given ending. */
export function reportOf(state: RunState, ending: Ending, finishedAt: Date | null): FixReport {
  const heldBack = ending.reason === null ? undefined : `nothing was delivered: ${ending.reason.code}`;
  return buildReport({
    record: state.task.record,
    parts: state.parts.map((part) => ({
      platform: part.platform,
      before: part.before,
      plan: state.plans.get(part.platform),
      built: state.built.get(part.platform)?.built,
      verification: state.verifications.get(part.platform),
      outcomes: outcomesOf(state, part, heldBack),
    })),
    ...ending,
    delivered: ending.stage === 'promoted',
    indexDigest: state.image?.index?.digest ?? null,
    finishedAt,
    diagnostics: diagnosticsOf(state),
  });
}

function diagnosticsOf(state: RunState): readonly Diagnostic[] {
  const plans = [...state.plans.values()].flatMap((plan) => plan.diagnostics);
  const built = [...state.built.values()].flatMap((part) => part.built.diagnostics);
  const gaps = state.parts.flatMap(({ before }) => before.diagnostics.filter(({ partial }) => partial === true));
  const selections = state.parts.flatMap((part) => part.selection.diagnostics);
  const all = [...gaps, ...selections, ...plans, ...built, ...state.diagnostics];
  // What the scan could not read is met again when the image is opened for the fix.
  const key = ({ code, path, layer, message }: Diagnostic): string => JSON.stringify([code, path, layer, message]);
  return [...new Map(all.map((diagnostic) => [key(diagnostic), diagnostic])).values()];
}
