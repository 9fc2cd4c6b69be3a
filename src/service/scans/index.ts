export { createScanService, type ScanServiceDeps } from './create-scan-service.ts';
export { targetsByImageService } from './image-targets.ts';
export { scanNewImages } from './new-images.ts';
export { ownScanSources } from './own-sources.ts';
export type {
  ImageScanner,
  InventoryImages,
  NewScanTask,
  NewSyncTask,
  OpenedInventoryImage,
  ReportIngest,
  ScanEnd,
  ScanStore,
  ScanTarget,
  ScanTargets,
  ScanWorld,
} from './ports.ts';
