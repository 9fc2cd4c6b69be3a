import type { HuaweiRoute } from '../contract.ts';
import { downloadFile } from './download-file.ts';
import { exportLocalVulnerabilities } from './export-local-vulnerabilities.ts';
import { queryExportTask, showExportTask, showLatestExportTask } from './export-tasks.ts';
import { handleHistory } from './handle-history.ts';
import { handleVulnerabilities } from './handle-vulnerabilities.ts';
import { listAffectedImages } from './list-affected-images.ts';
import { listImageVulnerabilities } from './list-image-vulnerabilities.ts';
import { listLocalImages } from './list-local-images.ts';
import { listTenantVulnerabilities } from './list-tenant-vulnerabilities.ts';
import { listLocalApps, listLocalContainers, listLocalHosts } from './local-image-parts.ts';
import { previewHandling } from './preview-handling.ts';
import {
  baselineStatistic,
  listBuildCommandRiskImages,
  listBuildCommandRisks,
  listMalwares,
  listMalwaresOfImage,
  listRiskConfigRules,
  listRiskConfigs,
  listSensitiveInformation,
  listSensitiveOfImage,
} from './risks.ts';
import { batchScan, startScanTask } from './scan-images.ts';
import { listScanTasks, stopScanTask } from './scan-tasks.ts';
import { assetStatistics, reportStatistics } from './statistics.ts';
import { listVulnerabilityApps, listVulnerabilityContainers, listVulnerabilityCves } from './vulnerability-parts.ts';
import { addWhitelist, changeWhitelist, listWhitelists, removeWhitelists, showWhitelist } from './whitelists.ts';

/** Every operation of the facade below `/v5/{project_id}`. */
export const huaweiRoutes: readonly HuaweiRoute[] = [
  exportLocalVulnerabilities,
  queryExportTask,
  showExportTask,
  showLatestExportTask,
  downloadFile,
  listLocalImages,
  listLocalApps,
  listLocalContainers,
  listLocalHosts,
  listImageVulnerabilities,
  listAffectedImages,
  listVulnerabilityApps,
  listVulnerabilityContainers,
  listVulnerabilityCves,
  listTenantVulnerabilities,
  handleVulnerabilities,
  previewHandling,
  handleHistory,
  listWhitelists,
  addWhitelist,
  showWhitelist,
  changeWhitelist,
  removeWhitelists,
  batchScan,
  startScanTask,
  listScanTasks,
  stopScanTask,
  listRiskConfigs,
  listRiskConfigRules,
  baselineStatistic,
  listMalwares,
  listMalwaresOfImage,
  listSensitiveInformation,
  listSensitiveOfImage,
  listBuildCommandRisks,
  listBuildCommandRiskImages,
  assetStatistics,
  reportStatistics,
];
