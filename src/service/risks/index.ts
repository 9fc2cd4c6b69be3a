export { detectorCatalogue } from './catalogue.ts';
export { type ScanChoices, scanChoices } from './choices.ts';
export { createRiskService } from './create-risk-service.ts';
export { riskImpact } from './impact.ts';
export type { RiskServiceDeps } from './ports.ts';
