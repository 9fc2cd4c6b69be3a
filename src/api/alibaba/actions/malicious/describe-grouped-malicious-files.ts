import { action } from '../../action.ts';
import { pageInfo, pageRequest, paging } from '../../schema/paging.ts';
import { choice, choices, listOf, text } from '../../schema/parameter.ts';
import { imageSelection, inLang, maliciousStatus, riskLists } from '../../views/risks.ts';
import { fileFilter } from './file-filter.ts';

/** Malicious files by MD5, with the number of images that hold them. */
export const describeGroupedMaliciousFiles = action({
  name: 'DescribeGroupedMaliciousFiles',
  level: 'read',
  tier: 1,
  summary: 'pages through malicious files with numbers of images',
  parameters: {
    ClusterId: text(),
    ...textPaging(),
    FuzzyMaliciousName: text(256),
    ImageDigest: text(),
    ImageLayer: text(),
    ImageTag: text(),
    Lang: choice('zh', 'en'),
    Levels: choices('serious', 'suspicious', 'remind'),
    MaliciousMd5: text(64),
    RepoId: text(),
    RepoInstanceId: text(),
    RepoName: text(),
    RepoNamespace: text(),
    RepoRegionId: text(),
    ScanRange: listOf('image', 'container'),
  },
  run: async (input, context) => {
    const page = await riskLists(context).groups(
      { kind: 'malicious', places: imageSelection(input), query: fileFilter(input), page: pageRequest(input) },
      'rule',
    );
    return {
      GroupedMaliciousFileResponse: page.rows.map((group) => ({
        FirstScanTimestamp: group.firstSeen,
        ImageCount: group.images.total,
        LatestScanTimestamp: group.lastSeen,
        Level: group.level,
        MaliciousKey: group.classKey,
        MaliciousMd5: group.key,
        MaliciousName: inLang(group.title, input.Lang),
        Status: maliciousStatus[group.status],
      })),
      PageInfo: pageInfo(input, page),
    };
  },
});

/** Paging in which the size of a page is a text, by the vendor's own words. */
export function textPaging() {
  const { CurrentPage, PageSize } = paging(20);
  return { CurrentPage, PageSize: { ...PageSize, wire: 'string' as const } };
}
