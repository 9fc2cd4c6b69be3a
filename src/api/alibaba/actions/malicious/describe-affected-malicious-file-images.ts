import { placeInImage } from '../../../../findings/index.ts';
import type { RiskHit } from '../../../../service/index.ts';
import { action } from '../../action.ts';
import { pageInfo, pageRequest } from '../../schema/paging.ts';
import { choice, choices, listOf, text } from '../../schema/parameter.ts';
import { hexDigest } from '../../views/digests.ts';
import { referenceOf } from '../../views/image.ts';
import { imageSelection, maliciousStatus, noServer, riskLists, statusesOf } from '../../views/risks.ts';
import { textPaging } from './describe-grouped-malicious-files.ts';
import { fileFilter } from './file-filter.ts';

/** Images that hold malicious files: a row for each file of each image. */
export const describeAffectedMaliciousFileImages = action({
  name: 'DescribeAffectedMaliciousFileImages',
  level: 'read',
  tier: 1,
  summary: 'pages through malicious files of images',
  parameters: {
    ClusterId: text(),
    ClusterName: text(),
    ContainerId: text(),
    ...textPaging(),
    Image: text(),
    ImageDigest: text(),
    ImageLayer: text(),
    ImageTag: text(),
    Lang: choice('zh', 'en'),
    Levels: choices('serious', 'suspicious', 'remind'),
    MaliciousMd5: text(64),
    Namespace: text(),
    Pod: text(),
    RepoId: text(),
    RepoInstanceId: text(),
    RepoName: text(),
    RepoNamespace: text(),
    RepoRegionId: text(),
    ScanRange: listOf('image', 'container'),
    Status: choice('0', '1', '2', '3'),
  },
  run: async (input, context) => {
    const page = await riskLists(context).hits({
      kind: 'malicious',
      places: imageSelection(input),
      query: {
        ...fileFilter(input),
        ...(input.Status !== undefined && { statuses: statusesOf(maliciousStatus, Number(input.Status)) }),
      },
      page: pageRequest(input),
    });
    return { AffectedMaliciousFileImagesResponse: page.rows.map(row), PageInfo: pageInfo(input, page) };
  },
});

/** Version of the form of `HighLight`. */
const ruleVersion = 'drydock_1';

function row(hit: RiskHit): object {
  const { finding, image, level, status, firstSeen, lastSeen, lastVerified } = hit;
  if (finding.kind !== 'malicious') return {};
  const events = finding.matches.map(({ offset, length }) => [offset, length]);
  return {
    ...noServer,
    Digest: hexDigest(image.digest),
    // Samples are never handed out.
    DownloadUrl: '',
    FilePath: placeInImage(finding.path, finding.member),
    FirstScanTimestamp: firstSeen,
    HighLight: JSON.stringify({ ruleVersion, ruleId: finding.ruleNumber ?? 0, events }),
    Id: hit.id,
    Image: referenceOf(image),
    ImageUuid: image.uuid,
    LatestScanTimestamp: lastSeen,
    LatestVerifyTimestamp: lastVerified,
    Layer: finding.layer === '' ? '' : hexDigest(finding.layer),
    Level: level,
    MaliciousMd5: finding.md5 ?? '',
    Namespace: image.repository.namespace,
    RepoId: image.repository.extId,
    RepoInstanceId: image.registry.instanceId,
    RepoName: image.repository.name,
    RepoRegionId: image.registry.region,
    Status: maliciousStatus[status],
    Tag: image.tag ?? '',
    Uuid: '',
  };
}
