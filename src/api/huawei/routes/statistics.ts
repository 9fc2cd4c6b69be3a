import type { Filter } from '../../../findings/index.ts';
import type { HuaweiRoute, RouteCall } from '../contract.ts';
import type { BodyInput } from '../input/body.ts';
import { allOf, imageCriteria, imagesFilter, typeFilter, vulnerabilitiesFilter, vulTypes } from '../input/criteria.ts';
import { imageKind } from './scan-images.ts';

/** Numbers of images. Those of Drydock are shown as local and as registry images alike. */
export const assetStatistics: HuaweiRoute = {
  method: 'GET',
  path: '/image/asset/statistics',
  operation: 'ShowImageAssetStatistics',
  action: 'hss:images:list',
  scope: 'list',
  writes: false,
  handle: async ({ call, services }) => {
    const { images } = await services.images.statistics(call);
    return { local_num: images, cicd_num: 0, registry_num: images };
  },
};

const reportTypes = [
  'vulnerability',
  'risk-config',
  'malwares',
  'apps',
  'files',
  'sensitive-info',
  'non-compliant-app',
  'build-command-risks',
] as const;

/** Number of rows that an export with the same filters would have. */
export const reportStatistics: HuaweiRoute = {
  method: 'POST',
  path: '/image/security-report/statistic',
  operation: 'ShowSecurityReportStatistic',
  action: 'hss:vuls:list',
  scope: 'list',
  writes: false,
  handle: async (call) => {
    const { query, body } = call;
    const type = query.need('security_report_type', query.word('security_report_type', reportTypes));
    return { total_num: await count(call, type, imageFilter(body), findingFilter(body)) };
  },
};

async function count(
  { call, services }: RouteCall,
  type: (typeof reportTypes)[number],
  images: Filter | undefined,
  findings: Filter | undefined,
): Promise<number> {
  if (type === 'vulnerability') return services.findings.count(call, allOf([images, findings]), 'finding');
  if (type === 'risk-config') return (await services.risks.counts(call, images)).baseline.total;
  if (type === 'malwares') return (await services.risks.counts(call, images)).malicious.total;
  if (type === 'sensitive-info') return (await services.risks.counts(call, images)).sensitive.total;
  if (type === 'build-command-risks') return (await services.risks.counts(call, images)).instruction.total;
  if (type === 'apps') return (await services.findings.estatePackages(call, { page: { offset: 0, limit: 1 } })).total;
  return 0;
}

function findingFilter(body: BodyInput): Filter | undefined {
  const vulnerabilities = body.texts('vul_id_list', 100_000, { min: 1, max: 1024 }) ?? [];
  return allOf([
    typeFilter(body.word('vul_type', vulTypes)),
    vulnerabilities.length === 0 ? undefined : vulnerabilitiesFilter(vulnerabilities),
  ]);
}

const scanStatus = ['unscan', 'success', 'scanning', 'failed', 'download_failed', 'image_oversized'] as const;
const imageTypes = [
  'private_image',
  'shared_image',
  'local_image',
  'instance_image',
  'cicd',
  'harbor',
  'jfrog',
] as const;
const levels = ['Security', 'Low', 'Medium', 'High'] as const;

function imageFilter(body: BodyInput): Filter | undefined {
  const type = body.word('image_type', imageTypes);
  const images = body.texts('image_id_list', 100_000) ?? [];
  body.flag('operate_all');
  body.word('severity_level', levels);
  return allOf([
    imageCriteria(body, { scanStatus, maxName: 65_535 }),
    images.length === 0 ? undefined : imagesFilter(images),
    type === undefined ? undefined : imageKind(type),
    exact(body, 'namespace', 'repository.namespace'),
    exact(body, 'image_id', 'image.uuid'),
    exact(body, 'instance_id', 'registry.instanceId'),
    exact(body, 'instance_name', 'registry.name'),
    flag(body, 'latest_version', 'image.latest'),
    flag(body, 'has_vul', 'image.hasVuln'),
    flag(body, 'has_malicious_file', 'image.hasAlarm'),
    flag(body, 'has_unsafe_setting', 'image.hasBaseline'),
    flag(body, 'risky', 'image.hasRisk'),
  ]);
}

function exact(
  body: BodyInput,
  name: string,
  field: 'repository.namespace' | 'image.uuid' | 'registry.instanceId' | 'registry.name',
): Filter | undefined {
  const text = body.text(name, { max: 256 });
  return text === undefined || text === '' ? undefined : { field, op: 'in', values: [text] };
}

function flag(
  body: BodyInput,
  name: string,
  field: 'image.latest' | 'image.hasVuln' | 'image.hasAlarm' | 'image.hasBaseline' | 'image.hasRisk',
): Filter | undefined {
  const value = body.flag(name);
  return value === undefined ? undefined : { field, op: 'is', value };
}
