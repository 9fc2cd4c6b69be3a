import { action } from '../action.ts';
import { choice, list, listOf, text } from '../schema/parameter.ts';
import { allOf, among, digests, inScanRange, nothing, unknownThing } from '../views/selection.ts';

/** Counters of findings over a selection of images; an empty selection counts zero. */
export const describeImageSecurityScanCount = action({
  name: 'DescribeImageSecurityScanCount',
  level: 'read',
  tier: 0,
  summary: 'counts findings by kind over a selection of images',
  parameters: {
    RepoRegionId: text(),
    RepoInstanceId: text(),
    RepoId: text(),
    ImageTag: text(),
    ImageDigest: text(),
    Dealed: choice('Y', 'N', 'A'),
    ImageUuid: text(),
    ClusterId: text(),
    ScanRange: listOf('image', 'container'),
    Uuids: list(),
  },
  run: async (input, { services, call }) => {
    const selection = allOf(
      among('registry.region', input.RepoRegionId),
      among('registry.instanceId', input.RepoInstanceId),
      among('repository.id', input.RepoId),
      among('image.tag', input.ImageTag),
      digests('image.digest', input.ImageDigest),
      among('image.uuid', input.ImageUuid),
      among('image.uuid', input.Uuids),
      unknownThing(input.ClusterId),
      inScanRange(input.ScanRange),
    );
    const handled = input.Dealed === undefined || input.Dealed === 'A' ? null : input.Dealed === 'Y';
    const counts =
      selection === nothing
        ? { cve: 0, sca: 0, baseline: 0, malicious: 0 }
        : await services.images.securityCounts(call, selection, handled);
    return {
      Data: {
        ImageBaselineCount: counts.baseline,
        ImageMaliciousFileCount: counts.malicious,
        ImageScaVulCount: counts.sca,
        ImageCveVulCount: counts.cve,
      },
    };
  },
});
