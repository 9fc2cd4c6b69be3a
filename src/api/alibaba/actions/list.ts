import type { Action } from '../action.ts';
import { addImageVulWhiteList } from './add-image-vul-white-list.ts';
import { addPrivateRegistry } from './add-private-registry.ts';
import { describeAllImageBaseline } from './baselines/describe-all-image-baseline.ts';
import { describeImageBaselineCheckResult } from './baselines/describe-image-baseline-check-result.ts';
import { describeImageBaselineCheckSummary } from './baselines/describe-image-baseline-check-summary.ts';
import { describeImageBaselineDetail } from './baselines/describe-image-baseline-detail.ts';
import { describeImageBaselineItemList } from './baselines/describe-image-baseline-item-list.ts';
import { describeImageBaselineStrategy } from './baselines/describe-image-baseline-strategy.ts';
import { describeImageListWithBaselineName } from './baselines/describe-image-list-with-baseline-name.ts';
import { saveImageBaselineStrategy } from './baselines/save-image-baseline-strategy.ts';
import { describeImageBuildRiskByKey } from './builds/describe-image-build-risk-by-key.ts';
import { describeImageBuildRiskList } from './builds/describe-image-build-risk-list.ts';
import { describeImageListByBuildRisk } from './builds/describe-image-list-by-build-risk.ts';
import { getBuildRiskDefineRuleConfig } from './builds/get-build-risk-define-rule-config.ts';
import { listImageBuildRiskItem } from './builds/list-image-build-risk-item.ts';
import { setBuildRiskDefineRuleConfig } from './builds/set-build-risk-define-rule-config.ts';
import { setImageBuildRiskStatus } from './builds/set-image-build-risk-status.ts';
import { cancelOnceTask } from './cancel-once-task.ts';
import { deleteImageVulWhitelist } from './delete-image-vul-whitelist.ts';
import { deletePrivateRegistry } from './delete-private-registry.ts';
import { describeCanFixVulList } from './describe-can-fix-vul-list.ts';
import { describeCountNotScannedImage } from './describe-count-not-scanned-image.ts';
import { describeCountScannedImage } from './describe-count-scanned-image.ts';
import { describeExportInfo } from './describe-export-info.ts';
import { describeImage } from './describe-image.ts';
import { describeImageCriteria } from './describe-image-criteria.ts';
import { describeImageFixCycleConfig } from './describe-image-fix-cycle-config.ts';
import { describeImageFixTask } from './describe-image-fix-task.ts';
import { describeImageGroupedVulList } from './describe-image-grouped-vul-list.ts';
import { describeImageInfoList } from './describe-image-info-list.ts';
import { describeImageInstances } from './describe-image-instances.ts';
import { describeImageLatestScanTask } from './describe-image-latest-scan-task.ts';
import { describeImageRepoCriteria } from './describe-image-repo-criteria.ts';
import { describeImageRepoDetailList } from './describe-image-repo-detail-list.ts';
import { describeImageRepoList } from './describe-image-repo-list.ts';
import { describeImageRiskLevelStatistic } from './describe-image-risk-level-statistic.ts';
import { describeImageScanAuthCount } from './describe-image-scan-auth-count.ts';
import { describeImageSecurityScanCount } from './describe-image-security-scan-count.ts';
import { describeImageStatistics } from './describe-image-statistics.ts';
import { describeImageVulList } from './describe-image-vul-list.ts';
import { describeImageVulWhiteList } from './describe-image-vul-white-list.ts';
import { describeOnceTask } from './describe-once-task.ts';
import { describeOnceTaskLeafRecordPage } from './describe-once-task-leaf-record-page.ts';
import { describeTaskErrorLog } from './describe-task-error-log.ts';
import { describeVulDetails } from './describe-vul-details.ts';
import { addImageEventOperation } from './events/add-image-event-operation.ts';
import { deleteImageEventOperation } from './events/delete-image-event-operation.ts';
import { describeImageEventOperationCondition } from './events/describe-image-event-operation-condition.ts';
import { describeImageEventOperationPage } from './events/describe-image-event-operation-page.ts';
import { getImageEventOperation } from './events/get-image-event-operation.ts';
import { updateImageEventOperation } from './events/update-image-event-operation.ts';
import { exportRecord } from './export-record.ts';
import { generateOnceTask } from './generate-once-task.ts';
import { getImageScanNumInPeriod } from './get-image-scan-num-in-period.ts';
import { getLastOnceTaskInfo } from './get-last-once-task-info.ts';
import { getOnceTaskResultInfo } from './get-once-task-result-info.ts';
import { listImageRegistryExtra } from './list-image-registry-extra.ts';
import { listImageRegistryRegion } from './list-image-registry-region.ts';
import { listPrivateRegistryList } from './list-private-registry-list.ts';
import { listPrivateRegistryType } from './list-private-registry-type.ts';
import { listUnfinishedOnceTask } from './list-unfinished-once-task.ts';
import { describeAffectedMaliciousFileImages } from './malicious/describe-affected-malicious-file-images.ts';
import { describeGroupedMaliciousFiles } from './malicious/describe-grouped-malicious-files.ts';
import { describeMatchedMaliciousNames } from './malicious/describe-matched-malicious-names.ts';
import { modifyImageFixCycleConfig } from './modify-image-fix-cycle-config.ts';
import { modifyImageRegistry } from './modify-image-registry.ts';
import { operateImageBaselineWhitelist } from './operate-image-baseline-whitelist.ts';
import { operateImageVul } from './operate-image-vul.ts';
import { pageImageRegistry } from './page-image-registry.ts';
import { publicCreateImageScanTask } from './public-create-image-scan-task.ts';
import { publicPreCheckImageScanTask } from './public-pre-check-image-scan-task.ts';
import { publicSyncAndCreateImageScanTask } from './public-sync-and-create-image-scan-task.ts';
import { describeImageListBySensitiveFile } from './sensitive/describe-image-list-by-sensitive-file.ts';
import { describeImageSensitiveFileByKey } from './sensitive/describe-image-sensitive-file-by-key.ts';
import { describeImageSensitiveFileList } from './sensitive/describe-image-sensitive-file-list.ts';
import { getSensitiveDefineRuleConfig } from './sensitive/get-sensitive-define-rule-config.ts';
import { openSensitiveFileScan } from './sensitive/open-sensitive-file-scan.ts';
import { setImageSensitiveFileStatus } from './sensitive/set-image-sensitive-file-status.ts';
import { setSensitiveDefineRuleConfig } from './sensitive/set-sensitive-define-rule-config.ts';
import { updateImageVulWhitelistTarget } from './update-image-vul-whitelist-target.ts';

/** Every operation that this facade answers, in the order of the vendor's catalogue. */
export const actions: readonly Action[] = [
  operateImageVul,
  describeImageFixTask,
  describeImageSecurityScanCount,
  describeImageInfoList,
  describeImageInstances,
  describeImageRepoDetailList,
  describeImage,
  describeImageCriteria,
  describeImageRepoCriteria,
  describeImageRepoList,
  addPrivateRegistry,
  deletePrivateRegistry,
  listPrivateRegistryList,
  listPrivateRegistryType,
  pageImageRegistry,
  modifyImageRegistry,
  listImageRegistryRegion,
  listImageRegistryExtra,
  publicPreCheckImageScanTask,
  publicCreateImageScanTask,
  publicSyncAndCreateImageScanTask,
  describeImageLatestScanTask,
  describeOnceTask,
  describeOnceTaskLeafRecordPage,
  cancelOnceTask,
  generateOnceTask,
  getOnceTaskResultInfo,
  getLastOnceTaskInfo,
  listUnfinishedOnceTask,
  describeImageScanAuthCount,
  getImageScanNumInPeriod,
  describeImageGroupedVulList,
  describeImageVulList,
  describeCanFixVulList,
  describeVulDetails,
  describeTaskErrorLog,
  describeImageFixCycleConfig,
  modifyImageFixCycleConfig,
  addImageVulWhiteList,
  describeImageVulWhiteList,
  updateImageVulWhitelistTarget,
  deleteImageVulWhitelist,
  operateImageBaselineWhitelist,
  addImageEventOperation,
  updateImageEventOperation,
  deleteImageEventOperation,
  getImageEventOperation,
  describeImageEventOperationPage,
  describeImageEventOperationCondition,
  describeImageBaselineCheckSummary,
  describeImageBaselineCheckResult,
  describeImageBaselineItemList,
  describeImageBaselineDetail,
  describeImageListWithBaselineName,
  describeAllImageBaseline,
  describeImageBaselineStrategy,
  saveImageBaselineStrategy,
  describeGroupedMaliciousFiles,
  describeAffectedMaliciousFileImages,
  describeMatchedMaliciousNames,
  describeImageSensitiveFileList,
  describeImageSensitiveFileByKey,
  describeImageListBySensitiveFile,
  setImageSensitiveFileStatus,
  openSensitiveFileScan,
  getSensitiveDefineRuleConfig,
  setSensitiveDefineRuleConfig,
  describeImageBuildRiskList,
  describeImageBuildRiskByKey,
  describeImageListByBuildRisk,
  listImageBuildRiskItem,
  setImageBuildRiskStatus,
  getBuildRiskDefineRuleConfig,
  setBuildRiskDefineRuleConfig,
  describeImageStatistics,
  describeImageRiskLevelStatistic,
  describeCountScannedImage,
  describeCountNotScannedImage,
  exportRecord,
  describeExportInfo,
];
