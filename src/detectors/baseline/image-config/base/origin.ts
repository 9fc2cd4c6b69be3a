import { parseReference } from '../../../../image/index.ts';
import type { CheckContext } from '../../contract.ts';
import { configCheck } from '../../define-check.ts';
import { failIf, notApplicable, pass } from '../../outcome.ts';

const baseName = 'org.opencontainers.image.base.name';
const baseDigest = 'org.opencontainers.image.base.digest';

/** IC-003 */
export const untrustedBase = configCheck({
  id: 'IC-003',
  item: 'untrusted_base',
  level: 'medium',
  title: { en: 'The base image is not approved', zh: '基础镜像未经批准' },
  description: {
    en: 'The image is built on a base that the policy does not approve, or nobody knows on which. The base is known from images in the store or from the labels of the build, which whoever builds may set.',
    zh: '镜像基于策略未批准的基础镜像构建，或其基础镜像未知。基础镜像通过已知镜像或构建标签识别，而标签可由构建者任意设置。',
  },
  advice: { en: 'Build on one of the approved base images.', zh: '使用已批准的基础镜像构建。' },
  evaluate(context) {
    const { approvedBases } = context.settings;
    if (approvedBases.length === 0) return notApplicable('The policy lists no approved base images.');
    const { labels } = context.image.settings;
    const names = [context.image.baseDigest, labels[baseDigest], labels[baseName]].filter(
      (name) => name !== null && name !== undefined && name !== '',
    ) as string[];
    if (names.some((name) => approvedBases.some((approved) => isBelow(name, approved)))) return pass;
    return failIf([context.settingsEvidence('config:Labels', names.join(', ') || 'no base image known')]);
  },
});

/** `registry.example/base` approves `registry.example/base:1` and everything in that path. */
function isBelow(name: string, approved: string): boolean {
  if (!name.startsWith(approved)) return false;
  const next = name.charAt(approved.length);
  return next === '' || approved.endsWith('/') || ['/', ':', '@'].includes(next);
}

/** IC-006 */
export const unsignedImage = configCheck({
  id: 'IC-006',
  item: 'unsigned_image',
  level: 'low',
  title: { en: 'The image is not signed', zh: '镜像未签名' },
  description: {
    en: 'The registry holds no signature of the image, so nobody can tell who made it. What clients are told to trust cannot be seen in an image and is not judged.',
    zh: '仓库中没有该镜像的签名，无法确认其来源。客户端的信任配置无法从镜像得知，不作评判。',
  },
  advice: {
    en: 'Sign the image after the build and verify signatures before it runs.',
    zh: '构建后签名，运行前验证签名。',
  },
  evaluate({ image, settingsEvidence }) {
    if (image.signed === null) return notApplicable('Nobody asked for signatures, or there is no registry to ask.');
    return failIf(image.signed ? [] : [settingsEvidence('registry:signatures', null)]);
  },
});

/** IC-015 */
export const mutableTag = configCheck({
  id: 'IC-015',
  item: 'mutable_tag',
  level: 'low',
  title: { en: 'The tag says latest or nothing', zh: '标签为 latest 或未指定' },
  description: {
    en: 'The image is named with the tag latest or none, in a repository where tags can be moved: the next pull may bring another image.',
    zh: '镜像使用 latest 标签或未指定标签，且仓库允许移动标签：下次拉取可能得到不同的镜像。',
  },
  advice: {
    en: 'Name a version and the digest, and make tags immutable in the registry.',
    zh: '指定版本标签和摘要，并在仓库中启用标签不可变。',
  },
  evaluate(context) {
    const tag = tagOf(context);
    if (tag === undefined) return notApplicable('The image is named by digest, or did not come from a registry.');
    if (context.image.immutableTag === true) return pass;
    return failIf(tag === 'latest' ? [context.settingsEvidence('reference:tag', context.image.reference)] : []);
  },
});

/** The tag as asked for, `latest` when neither tag nor digest was; undefined where tags do not matter. */
function tagOf({ image }: CheckContext): string | undefined {
  try {
    const reference = parseReference(image.reference);
    return reference.scheme === 'registry' ? reference.tag : undefined;
  } catch {
    return undefined;
  }
}
