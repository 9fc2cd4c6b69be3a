import { action } from '../../action.ts';
import { commaList, text, whole } from '../../schema/parameter.ts';
import { successBody } from '../../views/envelope.ts';
import { changeStatus } from '../../views/risk-status.ts';

/** Accepts hits of a rule on build instructions, or takes that back. */
export const setImageBuildRiskStatus = action({
  name: 'SetImageBuildRiskStatus',
  level: 'write',
  tier: 2,
  summary: 'accepts risky build instructions, or takes that back',
  parameters: { ImageUuids: commaList(), RiskKey: text(128), Status: whole(0, 2) },
  run: async (input, context) => {
    const rules = input.RiskKey === undefined ? [] : [input.RiskKey];
    const [id = 0] = await changeStatus(
      { kind: 'instruction', rules, uuids: input.ImageUuids, status: input.Status, field: 'RiskKey' },
      context,
    );
    return { ...successBody, Data: { Id: id } };
  },
});
