export type { HuaweiDeps } from './contract.ts';
export { huaweiFacade } from './facade.ts';
