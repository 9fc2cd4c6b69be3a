import type { RegistryRecord } from '../../../inventory/index.ts';
import type { ImageView } from '../../../service/index.ts';
import { hexDigest } from './digests.ts';
import { registryTypeOf } from './registry.ts';

/** `YES` or `NO`. */
export function yesNo(value: boolean): 'YES' | 'NO' {
  return value ? 'YES' : 'NO';
}

/** Numbers of an image as this API counts: open vulnerabilities, alerts (malicious and sensitive files), baseline items. */
export function risksOf({ counts }: Pick<ImageView, 'counts'>): {
  readonly vulnerabilities: number;
  readonly alarms: number;
  readonly baseline: number;
} {
  return {
    vulnerabilities: counts.cve.total + counts.sca.total,
    alarms: counts.malicious + counts.sensitive,
    baseline: counts.baseline,
  };
}

/** Addresses of a registry as JSON text. */
export function endpointsOf(registry: RegistryRecord): string {
  const type = registry.vendor.netType === 2 ? 'vpc' : 'internet';
  return JSON.stringify([{ domains: [hostOf(registry)], type }]);
}

/** Host and port of a registry. */
export function hostOf(registry: RegistryRecord): string {
  return URL.canParse(registry.baseUrl) ? new URL(registry.baseUrl).host : registry.baseUrl;
}

/** `host/namespace/repository:tag`, or by digest where there is no tag. */
export function referenceOf({ registry, repository, tag, digest }: ImageView): string {
  return `${hostOf(registry)}/${repository.path}${tag === null ? `@${digest}` : `:${tag}`}`;
}

/** Fields that every image has in every operation that shows images. */
export function imageIdentity(image: ImageView): Readonly<Record<string, unknown>> {
  const { registry, repository } = image;
  const { vulnerabilities, alarms, baseline } = risksOf(image);
  return {
    Uuid: image.uuid,
    Digest: hexDigest(image.digest),
    ImageId: image.configDigest === null ? undefined : hexDigest(image.configDigest),
    Tag: image.tag ?? '',
    InstanceId: registry.instanceId,
    RegionId: registry.region,
    RegistryType: registryTypeOf(registry),
    RepoId: repository.extId,
    RepoName: repository.name,
    RepoNamespace: repository.namespace,
    Endpoints: endpointsOf(registry),
    Status: 'NORMAL',
    VulCount: vulnerabilities,
    VulStatus: yesNo(vulnerabilities > 0),
    AlarmCount: alarms,
    AlarmStatus: yesNo(alarms > 0),
    RiskStatus: yesNo(vulnerabilities + alarms + baseline > 0),
  };
}
