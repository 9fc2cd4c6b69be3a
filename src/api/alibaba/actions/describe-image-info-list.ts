import { action } from '../action.ts';
import { commaList, required } from '../schema/parameter.ts';
import { imageIdentity } from '../views/image.ts';

/** Images by uuid, in the order asked for; unknown and foreign ones are left out. */
export const describeImageInfoList = action({
  name: 'DescribeImageInfoList',
  level: 'read',
  tier: 0,
  summary: 'looks up images by uuid, at most 1000',
  parameters: { Uuids: required(commaList()) },
  run: async (input, { services, call }) => {
    const images = await services.images.byUuids(call, input.Uuids);
    return {
      ImageInfos: images.map((image) => ({
        ...imageIdentity(image),
        ImageCreate: image.createdAt ?? undefined,
        ImageSize: image.size ?? undefined,
        ImageUpdate: image.since,
        RepoType: image.repository.public ? 'PUBLIC' : 'PRIVATE',
        TagImmutable: image.tagImmutable ? 1 : 0,
      })),
    };
  },
});
