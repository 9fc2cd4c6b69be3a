import type { AlibabaWorld } from './alibaba-world.ts';

const target = JSON.stringify({ type: 'repo', target: ['shop/web'] });
const task = { TaskType: 'IMAGE_SCAN', TaskName: 'IMAGE_SCAN' };

/** One call of every operation that answers with all it can. */
export function everyAlibabaCall(world: AlibabaWorld): readonly (readonly [string, Record<string, string>])[] {
  const [one] = world.estate.images;
  const where = { ImageInstanceId: one?.registry.instanceId ?? '', ImageRegionId: 'cn-hangzhou' };
  const info = [{ uuid: one?.uuid, tag: '1.4.2', ids: [101, 102] }];
  const images = [
    {
      registryType: 'harbor',
      instanceId: one?.registry.instanceId,
      repoNamespace: 'shop',
      repoName: 'web',
      regionId: 'cn-hangzhou',
      digest: 'a'.repeat(64),
      tag: '1.4.2',
      createTime: 1,
      updateTime: '2',
    },
  ];
  const registry = { DomainName: 'quay.example', NetType: '1', Password: 'p', Port: '8443', ProtocolType: '2' };
  const registryMore = { RegistryHostIp: '10.0.0.9', RegistryRegionId: 'cn-hangzhou', RegistryType: 'quay' };
  return [
    ['OperateImageVul', { Info: JSON.stringify(info) }],
    ['DescribeImageFixTask', {}],
    ['DescribeImageSecurityScanCount', {}],
    ['DescribeImageInfoList', { Uuids: one?.uuid ?? '' }],
    ['DescribeImageInstances', {}],
    ['DescribeImageRepoDetailList', {}],
    ['DescribeImage', { ...where, ImageRepoId: one?.repository.extId ?? '', ImageTag: '1.4.2' }],
    ['DescribeImageCriteria', {}],
    ['DescribeImageRepoCriteria', {}],
    ['DescribeImageRepoList', { TargetType: 'image_repo', Type: 'image_repo' }],
    [
      'AddPrivateRegistry',
      {
        ...registry,
        ...registryMore,
        RegistryVersion: 'V2',
        TransPerHour: '10',
        UserName: 'robot',
        VpcId: 'vpc',
        ExtraParam: '[{"namespace":"aa","authToken":"bb"}]',
      },
    ],
    ['ListPrivateRegistryList', {}],
    ['ListPrivateRegistryType', {}],
    ['PageImageRegistry', {}],
    ['ModifyImageRegistry', { Id: '3', UserName: 'other' }],
    ['ListImageRegistryRegion', {}],
    ['ListImageRegistryExtra', { RegistryId: '3' }],
    ['DeletePrivateRegistry', { RegistryId: '3' }],
    ['PublicPreCheckImageScanTask', {}],
    ['PublicCreateImageScanTask', {}],
    ['PublicSyncAndCreateImageScanTask', { Images: JSON.stringify(images) }],
    ['GenerateOnceTask', { ...task, Param: '{"repoNames":["web"]}' }],
    ['DescribeImageLatestScanTask', { Digest: one?.digest ?? '' }],
    ['DescribeOnceTask', { TaskType: 'IMAGE_SCAN' }],
    ['DescribeOnceTaskLeafRecordPage', { TaskType: 'IMAGE_SCAN', RelateInfo: 'true' }],
    ['ListUnfinishedOnceTask', { TaskType: 'IMAGE_SCAN' }],
    ['GetOnceTaskResultInfo', { ...task, TaskId: world.work.scans[0]?.id ?? 'x' }],
    ['GetLastOnceTaskInfo', task],
    ['CancelOnceTask', { TaskId: world.work.scans[0]?.id ?? 'x' }],
    ['DescribeImageScanAuthCount', {}],
    ['GetImageScanNumInPeriod', { PastDay: '30' }],
    ['DescribeImageGroupedVulList', {}],
    ['DescribeImageVulList', { Type: 'cve' }],
    ['DescribeCanFixVulList', { Type: 'cve' }],
    ['DescribeVulDetails', { Lang: 'en', Name: 'debian:12:CVE-2026-0001', Type: 'cve' }],
    ['DescribeTaskErrorLog', { BuildTaskId: world.work.fixes[0]?.id ?? 'x' }],
    ['DescribeImageFixCycleConfig', {}],
    ['ModifyImageFixCycleConfig', { ImageFixSwitch: 'on', ImageFixTarget: target, ImageFixCycle: '3' }],
    ['AddImageVulWhiteList', { Whitelist: '[{"Type":"cve","Name":"k","AliasName":"t"}]', Target: target }],
    ['DescribeImageVulWhiteList', {}],
    ['UpdateImageVulWhitelistTarget', { Id: '1', Reason: 'because' }],
    ['DeleteImageVulWhitelist', { Ids: '1' }],
    ['OperateImageBaselineWhitelist', { BaselineItemKeyList: 'a.b', Operation: 'add' }],
    ...riskCalls(world),
    ['DescribeImageStatistics', {}],
    ['DescribeImageRiskLevelStatistic', {}],
    ['DescribeCountScannedImage', {}],
    ['DescribeCountNotScannedImage', {}],
    ['ExportRecord', { ExportType: 'imageVulExport' }],
    ['DescribeExportInfo', { ExportId: '1' }],
  ];
}

/** The operations of baselines, malicious and sensitive files, build instructions. */
function riskCalls(world: AlibabaWorld): readonly (readonly [string, Record<string, string>])[] {
  const uuid = world.estate.images[0]?.uuid ?? '';
  const Conditions = '[{"condition":"PATH","type":"prefix","value":"/srv"}]';
  const Scenarios = '{"type":"repo","value":"shop/web"}';
  const Id = String(world.decisions.find(({ kind }) => kind === 'sensitive')?.id ?? 1);
  const event = { EventType: 'sensitiveFile', OperationCode: 'whitelist' };
  return [
    ['AddImageEventOperation', { ...event, Conditions, Scenarios, EventKey: 'PEM', EventName: 'PEM', Note: 'a note' }],
    ['UpdateImageEventOperation', { Id, Conditions, Scenarios }],
    ['GetImageEventOperation', { Id }],
    ['DescribeImageEventOperationPage', {}],
    ['DescribeImageEventOperationCondition', {}],
    ['DeleteImageEventOperation', { Id }],
    ['DescribeImageBaselineCheckSummary', {}],
    ['DescribeImageBaselineCheckResult', { ImageUuid: uuid }],
    ['DescribeImageBaselineItemList', { ImageUuid: uuid }],
    ['DescribeImageBaselineDetail', { ImageUuid: uuid, BaselineItemKey: 'duplicate_uid' }],
    ['DescribeImageListWithBaselineName', { BaselineNameKey: 'identification' }],
    ['DescribeAllImageBaseline', {}],
    ['DescribeImageBaselineStrategy', {}],
    ['SaveImageBaselineStrategy', { BaselineItemList: 'duplicate_uid,weak_password' }],
    ['DescribeGroupedMaliciousFiles', { CurrentPage: '1', PageSize: '20' }],
    ['DescribeAffectedMaliciousFileImages', { CurrentPage: '1', PageSize: '20' }],
    ['DescribeMatchedMaliciousNames', {}],
    ['DescribeImageSensitiveFileList', {}],
    ['DescribeImageSensitiveFileByKey', { ImageUuid: uuid, SensitiveFileKey: 'npm_token' }],
    ['DescribeImageListBySensitiveFile', {}],
    ['SetImageSensitiveFileStatus', { SensitiveFileKey: 'npm_token', ImageUuids: uuid, Status: '1' }],
    ['OpenSensitiveFileScan', { SwitchOn: 'on' }],
    ['GetSensitiveDefineRuleConfig', {}],
    ['SetSensitiveDefineRuleConfig', { Config: '[{"classKey":"password","ruleList":["npm_token"]}]' }],
    ['DescribeImageBuildRiskList', {}],
    ['DescribeImageBuildRiskByKey', { ImageUuid: uuid, RiskKey: 'add' }],
    ['DescribeImageListByBuildRisk', {}],
    ['ListImageBuildRiskItem', {}],
    ['SetImageBuildRiskStatus', { RiskKey: 'add', Status: '1' }],
    ['GetBuildRiskDefineRuleConfig', {}],
    ['SetBuildRiskDefineRuleConfig', { Config: '[{"classKey":"other","ruleList":["add"]}]' }],
  ];
}

/** Work in all states, so that optional fields are there to be seen. */
export function finishAlibabaWork(world: AlibabaWorld): void {
  const ended = { startedAt: 1, finishedAt: 2 };
  const { work } = world;
  for (const [index, fix] of work.fixes.entries()) {
    work.fixes[index] = { ...fix, ...ended, newImageUuid: 'b'.repeat(32), status: 'success' };
    work.logs.set(fix.id, ['a line']);
  }
  for (const [index, scan] of work.scans.entries()) work.scans[index] = { ...scan, ...ended };
  for (const [index, item] of work.items.entries()) work.items[index] = { ...item, ...ended };
  for (const [index, job] of world.exports.entries()) world.exports[index] = { ...job, state: 'success' };
  const [registry] = world.estate.registries;
  if (registry !== undefined) world.estate.registries[0] = { ...registry, scansPerHour: 5 };
}
