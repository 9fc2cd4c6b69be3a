export { createRiskService } from './create-risk-service.ts';
