import { action } from '../action.ts';
import { required, text } from '../schema/parameter.ts';
import { hexDigest } from '../views/digests.ts';
import { allOf, among, filterOf, nothing } from '../views/selection.ts';

/** Digest of a tag; an unknown image has no digest and is no error. */
export const describeImage = action({
  name: 'DescribeImage',
  level: 'read',
  tier: 1,
  summary: 'resolves registry, region, repository and tag to a digest',
  parameters: {
    ImageInstanceId: required(text()),
    ImageRegionId: required(text()),
    ImageRepoId: required(text()),
    ImageTag: required(text()),
  },
  run: async (input, { services, call }) => {
    const selection = allOf(
      among('registry.instanceId', input.ImageInstanceId),
      among('registry.region', input.ImageRegionId),
      among('repository.id', input.ImageRepoId),
      among('image.tag', input.ImageTag),
    );
    if (selection === nothing) return { Data: {} };
    const page = await services.images.page(call, { ...filterOf(selection), page: { offset: 0, limit: 1 } });
    const [image] = page.rows;
    return { Data: image === undefined ? {} : { Digest: hexDigest(image.digest) } };
  },
});
