import type { OsRelease, supportOf } from '../ecosystems/index.ts';
import type { ReportLayer, ScanReport } from '../findings/index.ts';
import type { ImageHandle, Platform } from '../image/index.ts';

/** The image part of a report. */
export function reportImage(
  image: ImageHandle,
  os: OsRelease | undefined,
  support: ReturnType<typeof supportOf> | undefined,
  base: ScanReport['image']['base'],
): ScanReport['image'] {
  return {
    reference: image.reference,
    digest: image.document.digest,
    indexDigest: image.indexDigest ?? null,
    configDigest: image.document.content.config.digest,
    platform: platformText(image.platform),
    created: utcTime(image.config.created),
    size: image.layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0),
    os:
      os === undefined
        ? null
        : {
            id: os.id,
            versionId: os.versionId,
            prettyName: os.prettyName,
            endOfLife: support?.state === 'ended' ? support.on : null,
          },
    base,
    layers: reportLayers(image, base),
  };
}

/** `os/architecture[/variant]`. */
function platformText({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter((part) => part !== undefined && part !== '').join('/');
}

/** Instructions are attributed only when history and layers match one to one (scanning.md §1.1). */
function reportLayers({ config, layers }: ImageHandle, base: ScanReport['image']['base']): ReportLayer[] {
  const history = config.history?.filter(({ emptyLayer }) => !emptyLayer);
  const aligned = history?.length === layers.length ? history : undefined;
  return layers.map(({ descriptor, diffId }, index) => ({
    digest: descriptor.digest,
    diffId,
    size: descriptor.size,
    createdBy: aligned?.[index]?.createdBy?.slice(0, 4096) || null,
    base: base === null ? null : index < base.layers,
  }));
}

/** RFC 3339 in UTC, or null for what is no time. */
function utcTime(text: string | undefined): string | null {
  if (text === undefined) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}
