import { createHash } from 'node:crypto';
import { messageOf } from '../../kernel/index.ts';
import type { BaselineResult, Detection, DetectionInput, Detector, DetectorId, FailedCheck } from '../contract.ts';
import { hashAnalysis } from '../file-hashes.ts';
import { checkSets } from './catalogue.ts';
import { checkContext } from './context.ts';
import type { Check, CheckContext, CheckOutcome } from './contract.ts';
import { baselineVisitor } from './facts.ts';
import type { BaselinePolicy } from './settings.ts';

/** Evidence that is kept of one check; all of it is counted. */
const keptEvidence = 100;

/**
 * The baseline of risks.md §2.
 * @param asked the scanners that run together.
 */
export function createBaseline(policy: BaselinePolicy, asked: ReadonlySet<DetectorId>): Detector {
  const readers = checkSets.flatMap((set) => set.readers);
  // Other readers are other questions: what was cached answers the old ones.
  const signature = readers
    .map(({ id, version }) => `${id} ${version}`)
    .sort()
    .join('\n');
  const analysisId = `baseline-${createHash('sha256').update(signature).digest('hex').slice(0, 12)}`;
  return {
    id: 'baseline',
    analyses: [
      { id: analysisId, version: 1, visitor: () => baselineVisitor(analysisId, 1, readers) },
      hashAnalysis(asked.has('malware') ? 'all' : 'programs'),
    ],
    async detect(input: DetectionInput): Promise<Detection> {
      const context = checkContext(input, analysisId, policy.settings, asked);
      const baseline = await evaluate(
        checkSets.flatMap((set) => set.checks),
        context,
        policy,
      );
      return { baseline, diagnostics: [] };
    },
  };
}

async function evaluate(
  checks: readonly Check[],
  context: CheckContext,
  policy: BaselinePolicy,
): Promise<BaselineResult> {
  const failed: FailedCheck[] = [];
  const passed: string[] = [];
  const notApplicable: { check: string; why: string }[] = [];
  const unknown: { check: string; code: string; why: string }[] = [];
  const disabled: string[] = [];
  for (const check of checks) {
    if (!policy.asks(check)) {
      disabled.push(check.id);
      continue;
    }
    const outcome = await outcomeOf(check, context);
    if (outcome.result === 'fail') failed.push(toFailed(check, outcome, policy));
    else if (outcome.result === 'pass') passed.push(check.id);
    else if (outcome.result === 'unknown') unknown.push({ check: check.id, code: outcome.code, why: outcome.why });
    else notApplicable.push({ check: check.id, why: outcome.why });
  }
  return { failed, passed, notApplicable, unknown, disabled };
}

/** A check that fails over what an image holds leaves the others alone, and is never taken for passed. */
async function outcomeOf(check: Check, context: CheckContext): Promise<CheckOutcome> {
  try {
    return await check.evaluate(context);
  } catch (error) {
    return { result: 'unknown', code: 'check_failed', why: messageOf(error) };
  }
}

function toFailed(check: Check, outcome: CheckOutcome & { result: 'fail' }, policy: BaselinePolicy): FailedCheck {
  const { evidence, basis, item } = outcome;
  return {
    check: check.id,
    level: policy.settings.levels[check.id] ?? outcome.level ?? check.level,
    evidence: evidence.slice(0, keptEvidence),
    total: evidence.length,
    inBase: evidence.length > 0 && evidence.every(({ inBase }) => inBase),
    ...(basis !== undefined && { basis }),
    ...(item !== undefined && { item }),
  };
}
