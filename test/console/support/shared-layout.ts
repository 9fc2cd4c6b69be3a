import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** A layer as a tar archive: its path, or its bytes. */
export type LayerTar = string | Buffer;

/** An image of a shared layout. */
export interface LayoutImage {
  readonly tag: string;
  readonly layers: readonly LayerTar[];
  /** What built each layer, for the history. */
  readonly createdBy?: readonly string[];
  /** Member `config` of the image configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly author?: string;
}

const packed = new Map<LayerTar, Promise<{ readonly bytes: Buffer; readonly diffId: string }>>();
const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

function pack(layer: LayerTar): Promise<{ readonly bytes: Buffer; readonly diffId: string }> {
  const known = packed.get(layer);
  if (known !== undefined) return known;
  const made = (async () => {
    const tar = typeof layer === 'string' ? await readFile(layer) : layer;
    return { bytes: await promisify(gzip)(tar, { level: 1 }), diffId: digestOf(tar) };
  })();
  packed.set(layer, made);
  return made;
}

/** Writes images that share layers as one OCI layout; a layer is packed and stored once. */
export async function sharedLayout(directory: string, images: readonly LayoutImage[]): Promise<void> {
  await mkdir(join(directory, 'blobs/sha256'), { recursive: true });
  const put = async (bytes: Buffer, mediaType: string) => {
    const digest = digestOf(bytes);
    await writeFile(join(directory, 'blobs/sha256', digest.slice(7)), bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const json = (value: unknown, mediaType: string) => put(Buffer.from(JSON.stringify(value)), mediaType);
  const manifests: unknown[] = [];
  for (const { tag, layers, createdBy = [], config = {}, author } of images) {
    const parts = await Promise.all(layers.map(pack));
    const descriptors = await Promise.all(
      parts.map(({ bytes }) => put(bytes, 'application/vnd.oci.image.layer.v1.tar+gzip')),
    );
    const history = layers.map((_, index) => ({
      created: `2024-03-0${index + 1}T08:00:00Z`,
      created_by: createdBy[index] ?? `layer ${index}`,
    }));
    const document = {
      ...{ created: '2024-03-01T08:00:00Z', architecture: 'amd64', os: 'linux', ...(author && { author }) },
      config: { Env: ['PATH=/usr/local/bin:/usr/bin:/bin'], Cmd: ['/bin/sh'], ...config },
      rootfs: { type: 'layers', diff_ids: parts.map(({ diffId }) => diffId) },
      history,
    };
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const described = await json(document, 'application/vnd.oci.image.config.v1+json');
    const manifest = await json({ schemaVersion: 2, mediaType, config: described, layers: descriptors }, mediaType);
    manifests.push({ ...manifest, annotations: { 'org.opencontainers.image.ref.name': tag } });
  }
  await writeFile(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(join(directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}
