export { stillOwns } from './fence.ts';
export { createFixCycleStore } from './fix-cycles.ts';
export { fixObserver } from './fix-observer.ts';
export { createFixStore } from './fix-tasks.ts';
export { appendEvents, createEventLog, type NewEvent } from './outbox.ts';
export { cancelRegistryWork } from './scan-cancel.ts';
export { scanObserver } from './scan-observer.ts';
export { createScanStore } from './scan-store.ts';
export { createScheduleStore } from './schedules.ts';
