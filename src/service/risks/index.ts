export { createRiskService } from './create-risk-service.ts';
export { noRisks } from './no-risks.ts';
