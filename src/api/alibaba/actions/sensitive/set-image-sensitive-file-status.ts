import { action } from '../../action.ts';
import { commaList, listOf, numbers, text, whole } from '../../schema/parameter.ts';
import { successBody } from '../../views/envelope.ts';
import { changeStatus } from '../../views/risk-status.ts';

/** Accepts sensitive files, calls them false positives, or takes that back. */
export const setImageSensitiveFileStatus = action({
  name: 'SetImageSensitiveFileStatus',
  level: 'write',
  tier: 2,
  summary: 'accepts sensitive files, or takes that back',
  parameters: {
    IdList: numbers(),
    ImageUuids: commaList(),
    ScanRange: listOf('image', 'container'),
    SensitiveFileKey: text(128),
    Status: whole(0, 2),
  },
  run: async (input, context) => {
    const [id = 0] = await changeStatus(
      {
        kind: 'sensitive',
        rules: input.SensitiveFileKey === undefined ? [] : [input.SensitiveFileKey],
        ids: input.IdList,
        uuids: input.ImageUuids,
        status: input.Status,
        field: 'SensitiveFileKey',
      },
      context,
    );
    return { ...successBody, Data: { Id: id } };
  },
});
