import type { CellValue, ExportColumn, ExportImage } from '../contract.ts';

/** A column over the image of a row; empty where the row has none. */
export function imageColumn(
  name: string,
  type: ExportColumn['type'],
  value: (image: ExportImage) => CellValue,
): ExportColumn {
  return { name, scope: 'image', type, value: ({ image }) => (image === null ? null : value(image)) };
}

/** Columns that say which image a row belongs to. */
export const imageIdentity: readonly ExportColumn[] = [
  imageColumn('project', 'text', (image) => image.project),
  imageColumn('registry', 'text', (image) => image.registry),
  imageColumn('repository', 'text', (image) => image.repository),
  imageColumn('tag', 'text', (image) => image.tag),
  imageColumn('digest', 'text', (image) => image.digest),
  imageColumn('platform', 'text', (image) => image.platform),
  imageColumn('imageUuid', 'text', (image) => image.uuid),
];

/** What else is known of the image. */
export const imageFacts: readonly ExportColumn[] = [
  imageColumn('registryInstanceId', 'text', (image) => image.registryInstanceId),
  imageColumn('indexDigest', 'text', (image) => image.indexDigest),
  imageColumn('configDigest', 'text', (image) => image.configDigest),
  imageColumn('os', 'text', (image) => image.os),
  imageColumn('osVersion', 'text', (image) => image.osVersion),
  imageColumn('size', 'number', (image) => image.size),
  imageColumn('createdAt', 'time', (image) => image.createdAt),
  imageColumn('since', 'time', (image) => image.since),
  imageColumn('current', 'flag', (image) => image.current),
  imageColumn('scanState', 'text', (image) => image.scanState),
  imageColumn('scanReason', 'text', (image) => image.scanReason),
  imageColumn('scannedAt', 'time', (image) => image.scannedAt),
];

const levels = ['total', 'critical', 'high', 'medium', 'low', 'unknown', 'fixable'] as const;
const others = ['kev', 'vulnerabilities', 'baseline', 'malicious', 'sensitive'] as const;

/** Counters of an image, where rows are images. */
export const imageCounts: readonly ExportColumn[] = [
  ...(['cve', 'sca'] as const).flatMap((kind) =>
    levels.map((level) =>
      imageColumn(`${kind}.${level}`, 'number', ({ counts }) => (counts === null ? null : counts[kind][level])),
    ),
  ),
  ...others.map((name) => imageColumn(name, 'number', ({ counts }) => (counts === null ? null : counts[name]))),
];
