import type { RiskImage } from '../../../service/index.ts';
import { hexDigest } from './digests.ts';

/** The few fields of an image that lists of sensitive files and build risks show. */
export function riskImage({ image, level, firstSeen, lastSeen }: RiskImage): Readonly<Record<string, unknown>> {
  return {
    Digest: hexDigest(image.digest),
    FirstScanTime: firstSeen,
    InstanceId: image.registry.instanceId,
    LastScanTime: lastSeen,
    RegionId: image.registry.region,
    RepoName: image.repository.name,
    RepoNamespace: image.repository.namespace,
    RiskLevel: level,
    Tag: image.tag ?? '',
    Uuid: image.uuid,
  };
}
