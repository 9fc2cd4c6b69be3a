export { memoryAnswers } from './answer-store.ts';
export type { AdvisoryPort, AdvisoryStatus, AnswerStore, KeptAnswer, NativeDeps, NativeSettings } from './contract.ts';
export { createNativeMount } from './native-api.ts';
