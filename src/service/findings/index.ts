export { createFindingService } from './create-finding-service.ts';
export type { AdvisoryDetail, FindingServiceDeps } from './ports.ts';
