export { memoryAnswers } from './answer-store.ts';
export type { AdvisoryPort, AdvisoryStatus, AnswerStore, KeptAnswer, NativeDeps, NativeSettings } from './contract.ts';
export { createNativeMount, nativeApi } from './native-api.ts';
