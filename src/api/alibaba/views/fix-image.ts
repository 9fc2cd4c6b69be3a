import type { ImageView } from '../../../service/index.ts';
import type { ActionContext } from '../action.ts';
import { fullDigest } from './digests.ts';
import { type FixTarget, wrongInfo } from './fix-info.ts';
import { imagesByUuid } from './images-by-uuid.ts';
import { allOf, among, digests, filterOf, nothing } from './selection.ts';

/**
 * The image of every target. The uuid decides, and every other name must agree with it, so that nobody patches an image
 * that he did not mean. Without uuid, registry, repository and digest (or tag) must select exactly one image.
 * @throws RpcError `InvalidInfo`
 */
export async function fixImages(
  targets: readonly FixTarget[],
  context: Pick<ActionContext, 'services' | 'call'>,
): Promise<readonly ImageView[]> {
  const byUuid = await imagesByUuid(
    targets.flatMap(({ uuid }) => uuid ?? []),
    context,
  );
  const images: ImageView[] = [];
  for (const target of targets) {
    const image = target.uuid === undefined ? await findByNames(target, context) : byUuid.get(target.uuid);
    if (image === undefined || !agrees(target, image)) throw wrongInfo();
    images.push(image);
  }
  return images;
}

async function findByNames(
  target: FixTarget,
  { services, call }: Pick<ActionContext, 'services' | 'call'>,
): Promise<ImageView | undefined> {
  const { instanceId, namespace = '', repoName, digest, tag } = target;
  if (instanceId === undefined || repoName === undefined || (digest === undefined && tag === undefined)) {
    throw wrongInfo();
  }
  const selection = allOf(
    among('registry.instanceId', instanceId),
    among('repository.namespace', namespace),
    among('repository.name', repoName),
    // A tag that has moved since the scan is not what was looked at: the digest decides where there is one.
    digest === undefined ? among('image.tag', tag) : digests('image.digest', digest),
  );
  if (selection === nothing) throw wrongInfo();
  const page = await services.images.page(call, { ...filterOf(selection), page: { offset: 0, limit: 100 } });
  const fitting = page.rows.filter((image) => tag === undefined || image.tag === tag);
  return page.total <= 100 && fitting.length === 1 ? fitting[0] : undefined;
}

function agrees(target: FixTarget, { registry, repository, digest, indexDigest, tag }: ImageView): boolean {
  const same = (given: string | undefined, real: string): boolean => given === undefined || given === real;
  return (
    same(target.instanceId, registry.instanceId) &&
    same(target.regionId, registry.region) &&
    same(target.repoId, repository.extId) &&
    same(target.namespace, repository.namespace) &&
    same(target.repoName, repository.name) &&
    same(target.tag, tag ?? '') &&
    (target.digest === undefined || namesDigest(target.digest, [digest, indexDigest])) &&
    target.newTag !== (tag ?? undefined)
  );
}

/** A tag of several platforms names an index; its digest and that of the image are both right. */
function namesDigest(given: string, own: readonly (string | null)[]): boolean {
  const full = fullDigest(given);
  return full !== undefined && own.includes(full);
}
