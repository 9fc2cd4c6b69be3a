import type { RiskEvidence } from '../../../contract.ts';
import type { CheckContext } from '../../contract.ts';
import { programOf } from '../../shell/index.ts';
import { instructionEvidence } from '../finding.ts';
import { scriptsOf } from '../history/history.ts';

/** Instructions that ran a program with an option. */
export function executedOptions(context: CheckContext, program: string, option: string): RiskEvidence[] {
  return scriptsOf(context).flatMap(({ instruction, script }) =>
    script.commands
      .filter((command) => {
        const found = programOf(command);
        return found?.name === program && found.arguments.some(({ text }) => text === option);
      })
      .map(({ source }) => instructionEvidence(context, instruction, source)),
  );
}
