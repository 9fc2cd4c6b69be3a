import type { Action } from '../action.ts';
import { addImageVulWhiteList } from './add-image-vul-white-list.ts';
import { addPrivateRegistry } from './add-private-registry.ts';
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
import { modifyImageFixCycleConfig } from './modify-image-fix-cycle-config.ts';
import { modifyImageRegistry } from './modify-image-registry.ts';
import { operateImageBaselineWhitelist } from './operate-image-baseline-whitelist.ts';
import { operateImageVul } from './operate-image-vul.ts';
import { pageImageRegistry } from './page-image-registry.ts';
import { publicCreateImageScanTask } from './public-create-image-scan-task.ts';
import { publicPreCheckImageScanTask } from './public-pre-check-image-scan-task.ts';
import { publicSyncAndCreateImageScanTask } from './public-sync-and-create-image-scan-task.ts';
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
  describeImageStatistics,
  describeImageRiskLevelStatistic,
  describeCountScannedImage,
  describeCountNotScannedImage,
  exportRecord,
  describeExportInfo,
];
