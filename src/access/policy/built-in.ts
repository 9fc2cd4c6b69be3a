import type { Policy } from '../contract.ts';

const verbs = (resources: string, names: string): string[] =>
  resources.split(' ').flatMap((resource) => names.split(' ').map((verb) => `drydock:${resource}:${verb}`));

const sas = (operations: string): string[] => operations.split(' ').map((name) => `yundun-sas:${name}`);

/** Everything that shows the state of images and of work on them. An export shows nothing more than lists do. */
const seeing = [
  ...verbs('image finding scan fix registry decision export event schedule advisory project system', 'read'),
  'drydock:export:write',
  ...sas('Describe* List* Get* Page* Query* Export* PublicPreCheck*'),
  'hss:*:list',
  'hss:*:get',
];
const deciding = [
  'drydock:decision:write',
  ...sas('AddImageVulWhiteList DeleteImageVulWhitelist UpdateImageVulWhitelistTarget OperateImageBaselineWhitelist'),
  'hss:vuls:operate',
];
const fixing = [
  ...verbs('scan fix', 'start cancel'),
  ...sas('OperateImageVul PublicCreateImageScanTask PublicSyncAndCreateImageScanTask GenerateOnceTask CancelOnceTask'),
  'hss:images:operate',
  'hss:images:scan',
];
const promoting = ['drydock:fix:promote', 'drydock:fix:approve'];
const registries = [
  'drydock:registry:*',
  ...sas('AddPrivateRegistry DeletePrivateRegistry ModifyImageRegistry'),
  'hss:registries:*',
];
const schedules = ['drydock:schedule:*', 'drydock:fix:configure', ...sas('ModifyImageFixCycleConfig ModifyImageScan*')];
const managing = verbs('project user policy setting key token notification', '*');

const allow = (name: string, ...actions: readonly string[]): Policy => ({
  name,
  builtIn: true,
  statements: [{ effect: 'Allow', actions }],
});

/** The roles that come along. Names of custom policies may not be among them. */
export const builtInPolicies: readonly Policy[] = [
  allow('viewer', ...seeing),
  allow('triager', ...seeing, ...deciding),
  allow('fixer', ...seeing, ...fixing),
  allow('promoter', ...seeing, ...promoting),
  allow('project-admin', ...seeing, ...deciding, ...fixing, ...promoting, ...registries, ...schedules),
  allow('auditor', ...seeing, ...verbs('audit user policy notification', 'read')),
  // Configures, and sees nothing of findings unless another grant says so.
  allow(
    'platform-admin',
    ...registries,
    ...schedules,
    ...managing,
    ...verbs('advisory system audit', '*'),
    ...sas('ListPrivateRegistry* ListImageRegistry* PageImageRegistry DescribeImageFixCycleConfig'),
  ),
  allow('reader', ...seeing),
  allow('operator', ...seeing, ...deciding, ...fixing),
  allow('owner', '*'),
];

/** The role that may do everything; somebody must always have it. */
export const ownerPolicy = 'owner';
