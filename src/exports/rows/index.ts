export { catalogueVersion, type RowSubject, selectColumns } from './columns/catalogue.ts';
export { cveIds, huaweiLevel, huaweiUrl } from './columns/huawei.ts';
export type {
  ExportColumn,
  ExportImage,
  ExportImageCounts,
  ExportPackage,
  ExportPlace,
  ExportRow,
  ExportSubject,
} from './contract.ts';
export type { ExportErrorCode } from './errors.ts';
export type { FilePart, OutputFile } from './files/contract.ts';
export { type FileOptions, rowFormats } from './files/open.ts';
export { type Production, type ProductionCheckpoint, produce } from './produce.ts';
export type { ByteSink, ByteSource, FactKey, RowFeed, RowKeys, SnapshotPosition } from './snapshot/contract.ts';
export { writeSnapshot } from './snapshot/write.ts';
