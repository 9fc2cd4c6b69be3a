export { type AlibabaDeps, alibabaFacade } from './facade.ts';
export { type AlibabaSettings, defaultAlibabaSettings } from './settings.ts';
