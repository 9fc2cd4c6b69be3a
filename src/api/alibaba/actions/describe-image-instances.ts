import { action } from '../action.ts';
import { pageInfo, pageRequest, paging } from '../schema/paging.ts';
import { choice, document, flag } from '../schema/parameter.ts';
import { allCriteria, selectByCriteria } from '../views/criteria.ts';
import { imageIdentity, risksOf, yesNo } from '../views/image.ts';
import { scanFields } from '../views/scan-state.ts';
import { allOf, flagged, selectedPage } from '../views/selection.ts';

/** Every image with its risks: where callers get image uuids from. */
export const describeImageInstances = action({
  name: 'DescribeImageInstances',
  level: 'read',
  tier: 1,
  summary: 'pages through images with their risks; source of image uuids',
  parameters: { Criteria: document(), ...paging(20), LogicalExp: choice('OR', 'AND'), Scanned: flag() },
  run: async (input, { services, call }) => {
    const selection = allOf(
      selectByCriteria(input.Criteria, input.LogicalExp, allCriteria),
      flagged('image.scannedOnce', input.Scanned),
    );
    const request = pageRequest(input);
    const page = await selectedPage(selection, (filter) =>
      services.images.page(call, { ...filter, sort: 'id', page: request }),
    );
    return {
      ImageInstanceList: page.rows.map((image) => ({
        ...imageIdentity(image),
        ...scanFields(image),
        Deployed: 0,
        HcCount: risksOf(image).baseline,
        HcStatus: yesNo(risksOf(image).baseline > 0),
        // Texts here, numbers in DescribeImageInfoList.
        ImageCreate: image.createdAt === null ? undefined : String(image.createdAt),
        ImageSize: image.size === null ? undefined : String(image.size),
        ImageUpdate: String(image.since),
        RepoType: image.repository.public ? 'public' : 'private',
      })),
      PageInfo: pageInfo(input, page),
    };
  },
});
