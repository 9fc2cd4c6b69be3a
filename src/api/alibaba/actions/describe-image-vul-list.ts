import { action } from '../action.ts';
import { flatPaging, pageRequest, paging } from '../schema/paging.ts';
import { choice, text } from '../schema/parameter.ts';
import { selectionWithHistory } from '../views/fixed-records.ts';
import { imagesByUuid } from '../views/images-by-uuid.ts';
import { selectedPage } from '../views/selection.ts';
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
    const request = pageRequest(input);
    const page = await selectedPage(selection, (filter) =>
      services.findings.page(call, { ...filter, grain: 'record', page: request }),
    );
    const images = await imagesByUuid(
      page.rows.map(({ imageUuid }) => imageUuid),
      { services, call },
    );
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
