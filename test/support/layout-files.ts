import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256, type TestImage } from './test-image.ts';

/** A document behind the only tag of a layout, with the blobs that belong to it. */
export type LayoutContent = Pick<TestImage, 'manifest' | 'mediaType' | 'blobs'>;

/** Writes an OCI layout (image-spec image-layout.md) with the single tag `v1`, without any check of its own. */
export async function writeLayout(directory: string, { manifest, mediaType, blobs }: LayoutContent): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(join(directory, 'blobs/sha256'), { recursive: true });
  await writeFile(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const annotations = { 'org.opencontainers.image.ref.name': 'v1' };
  const descriptor = { mediaType, digest: sha256(manifest), size: manifest.length, annotations };
  await writeFile(join(directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [descriptor] }));
  for (const [digest, bytes] of [...blobs, [sha256(manifest), manifest] as const]) {
    await writeFile(join(directory, 'blobs', digest.replace(':', '/')), bytes);
  }
}

/**
 * An image whose layers are given as stored bytes, so that each may be compressed, damaged or mislabelled.
 * @param config keys that replace those of a plain config, or the whole text made from the list of diff-ids
 */
export function storedImage(
  layers: readonly {
    readonly stored: Buffer;
    readonly diffId?: string;
    readonly mediaType?: string;
    readonly size?: number;
  }[],
  config: Readonly<Record<string, unknown>> | ((diffIds: string) => string) = {},
): LayoutContent {
  const blobs = new Map<string, Buffer>();
  const keep = (bytes: Buffer, mediaType: string, size = bytes.length) => {
    blobs.set(sha256(bytes), bytes);
    return { mediaType, digest: sha256(bytes), size };
  };
  const diffIds = layers.map(({ stored, diffId }) => diffId ?? sha256(stored));
  const rootfs = { type: 'layers', diff_ids: diffIds };
  const text =
    typeof config === 'function'
      ? config(JSON.stringify(diffIds))
      : JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs, ...config });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType,
      config: keep(Buffer.from(text), 'application/vnd.oci.image.config.v1+json'),
      layers: layers.map(({ stored, mediaType: type, size }) =>
        keep(stored, type ?? 'application/vnd.oci.image.layer.v1.tar+gzip', size),
      ),
    }),
  );
  return { manifest, mediaType, blobs };
}
