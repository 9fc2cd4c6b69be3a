import { action } from '../action.ts';
import { flatPaging, pageRequest, paging } from '../schema/paging.ts';
import { choice, text } from '../schema/parameter.ts';
import { findingRecords } from '../views/finding-records.ts';
import { selectionWithHistory } from '../views/fixed-records.ts';
import { findingFilters } from '../views/vulnerability-filters.ts';
import { vulnerabilityRecord } from '../views/vulnerability-record.ts';

/** Findings, one row per image and vulnerability; source of the ids that a fix takes. */
export const describeImageVulList = action({
  name: 'DescribeImageVulList',
  level: 'read',
  tier: 1,
  summary: 'pages through findings; source of `ids` for OperateImageVul',
  parameters: { ...findingFilters, Lang: choice('zh', 'en'), RuleTag: text(64), ...paging(10) },
  run: async (input, { services, call }) => {
    const selection = await selectionWithHistory(input, { services, call });
    const { page, images } = await findingRecords(selection, pageRequest(input), { services, call });
    return {
      ...flatPaging(input, page),
      VulRecords: page.rows.map((record) => {
        const image = images.get(record.imageUuid);
        // Without a digest or uuid, former images are listed for what became of them alone.
        const former = image !== undefined && image.until !== null;
        const named = input.Digest !== undefined || input.Uuids !== undefined;
        return vulnerabilityRecord(record, image, former && !named);
      }),
    };
  },
});
