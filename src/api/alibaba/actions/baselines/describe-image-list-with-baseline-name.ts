import type { RiskImage } from '../../../../service/index.ts';
import { action } from '../../action.ts';
import { pageInfo, pageRequest, paging } from '../../schema/paging.ts';
import { choice, listOf, required, text } from '../../schema/parameter.ts';
import { imageIdentity, referenceOf } from '../../views/image.ts';
import { imageSelection, noServer, riskLists } from '../../views/risks.ts';
import { titleFilter } from './title-filter.ts';

/** Images in which a baseline fails. */
export const describeImageListWithBaselineName = action({
  name: 'DescribeImageListWithBaselineName',
  level: 'read',
  tier: 1,
  summary: 'pages through images in which a baseline fails',
  parameters: {
    BaselineNameKey: required(text(128)),
    ClusterId: text(),
    ClusterName: text(),
    ContainerId: text(),
    Criteria: text(256),
    CriteriaType: choice('BaselineNameAlias', 'BaselineClassAlias'),
    ...paging(10),
    Image: text(),
    ImageDigest: text(),
    Lang: choice('zh', 'en'),
    Namespace: text(),
    Pod: text(),
    RepoInstanceId: text(),
    RepoName: text(),
    RepoNamespace: text(),
    ScanRange: listOf('image', 'container'),
  },
  run: async (input, context) => {
    const page = await riskLists(context).images({
      kind: 'baseline',
      places: imageSelection(input),
      query: { names: [input.BaselineNameKey], ...titleFilter(input) },
      page: pageRequest(input),
    });
    return { ImageInfos: page.rows.map(row), PageInfo: pageInfo(input, page) };
  },
});

function row(entry: RiskImage): object {
  const { image, level, hits, firstSeen, lastSeen } = entry;
  const identity = imageIdentity(image);
  return {
    ...noServer,
    ...Object.fromEntries(
      [
        'Digest',
        'ImageId',
        'InstanceId',
        'RegionId',
        'RepoId',
        'RepoName',
        'RepoNamespace',
        'RiskStatus',
        'Tag',
        'Uuid',
      ].map((name) => [name, identity[name]]),
    ),
    FirstScanTime: firstSeen,
    Image: referenceOf(image),
    ImageCreate: image.createdAt ?? undefined,
    ImageSize: image.size ?? undefined,
    ImageUpdate: image.since,
    LastScanTime: lastSeen,
    RepoType: image.repository.public ? 'PUBLIC' : 'PRIVATE',
    TotalItemCount: hits.total,
    // One image each: its worst level.
    HighRiskImage: Number(level === 'high'),
    MiddleRiskImage: Number(level === 'medium'),
    LowRiskImage: Number(level === 'low'),
    NoRiskImage: 0,
  };
}
