export { createPlanService } from './create-plan-service.ts';
export type {
  NewPlan,
  OpenedPlanEngine,
  PlanEnding,
  PlanServiceDeps,
  PlanStore,
  PlanWork,
  PlanWorld,
  StoredPlan,
} from './ports.ts';
