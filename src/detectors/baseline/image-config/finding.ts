import type { RiskEvidence, RiskLevel } from '../../contract.ts';
import type { CheckContext, CheckOutcome } from '../contract.ts';
import { failIf, unknown } from '../outcome.ts';
import { historyOf, type Instruction } from './history/history.ts';
import { maskedLine } from './text/masked.ts';

/** Evidence in an instruction; `excerpt` is masked here. */
export function instructionEvidence(
  context: CheckContext,
  { place, layer, inBase }: Instruction,
  excerpt: string,
): RiskEvidence {
  return { ...context.settingsEvidence(place, maskedLine(excerpt), layer), inBase };
}

/** Failed with this evidence; without any passed, if the history tells enough for that. */
export function byHistory(
  context: CheckContext,
  evidence: readonly RiskEvidence[],
  options: { readonly level?: RiskLevel } = {},
): CheckOutcome {
  if (evidence.length > 0 || historyOf(context).useful) return failIf(evidence, options);
  return unknown('no_history', 'The history does not tell how the image was built.');
}
