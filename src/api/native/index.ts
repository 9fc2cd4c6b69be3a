export { actionsOf } from './actions.ts';
export { memoryAnswers } from './answer-store.ts';
export type { AdvisoryPort, AdvisoryStatus, AnswerStore, KeptAnswer, NativeDeps, NativeSettings } from './contract.ts';
export { describeNativeApi } from './description.ts';
export { NativeError, type NativeErrorCode } from './errors.ts';
export { createNativeMount, nativeApi } from './native-api.ts';
