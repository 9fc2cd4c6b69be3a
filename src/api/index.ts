export * from './alibaba/index.ts';
export * from './http/index.ts';
export * from './huawei/index.ts';
export * from './native/index.ts';
