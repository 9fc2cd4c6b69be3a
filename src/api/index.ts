export * from './http/index.ts';
export * from './huawei/index.ts';
