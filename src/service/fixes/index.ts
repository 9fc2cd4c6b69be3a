export { createFixService } from './create-fix-service.ts';
export { runFixCycle } from './fix-cycle.ts';
export type {
  FixCycleStore,
  FixEnding,
  FixResults,
  FixServiceDeps,
  FixStore,
  FixTaskWork,
  FixWorld,
  NewFixTask,
  OpenedFixEngine,
  StoredFixCycle,
  StoredSelection,
} from './ports.ts';
