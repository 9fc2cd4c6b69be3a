import { action } from '../../action.ts';
import { choice } from '../../schema/parameter.ts';
import { successBody } from '../../views/envelope.ts';
import { conditionFields, conditionTypes } from '../../views/event-operation.ts';

/** What rules on sensitive files may ask. */
export const describeImageEventOperationCondition = action({
  name: 'DescribeImageEventOperationCondition',
  level: 'read',
  tier: 2,
  summary: 'tells what rules on sensitive files may ask',
  parameters: { EventType: choice('sensitiveFile'), Lang: choice('zh', 'en') },
  run: async ({ Lang }) => {
    const english = Lang === 'en';
    const names: Readonly<Record<string, string>> = english
      ? { MD5: 'MD5 of the file', PATH: 'Path of the file' }
      : { MD5: '文件MD5', PATH: '文件路径' };
    const Conditions = Object.keys(conditionFields).map((ConditionKey) => ({
      ConditionKey,
      ConditionName: names[ConditionKey],
      SupportedMisType: conditionTypes,
    }));
    const OperationName = english ? 'Add to white list' : '加白名单';
    return {
      ...successBody,
      Data: {
        EventType: 'sensitiveFile',
        Operations: [{ Conditions, OperationCode: 'whitelist', OperationName }],
        Scenarios: ['repo'],
      },
    };
  },
});
