import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { paxBody, rawEntry } from './raw-tar.ts';

/** One member of a test tar; a bare string or buffer is a regular file of mode 0644 owned by root. */
export interface TarMember {
  readonly type?: 'file' | 'directory' | 'symlink' | 'hardlink' | 'char' | 'block' | 'fifo';
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Names of the owner; none unless given. */
  readonly user?: string;
  readonly group?: string;
  readonly mtime?: number;
  readonly content?: string | Uint8Array;
  /** Target of a symlink or hardlink. */
  readonly link?: string;
  /** Extended attributes, written as PAX records. */
  readonly xattrs?: Readonly<Record<string, Buffer>>;
  /** Numbers of a device. */
  readonly device?: readonly [major: number, minor: number];
}

const typeFlags = { file: '0', hardlink: '1', symlink: '2', char: '3', block: '4', directory: '5', fifo: '6' } as const;

/** A plain ustar archive (names ≤ 100 bytes), written independently of the product's own tar writer. */
export function tar(members: Readonly<Record<string, TarMember | string | Uint8Array>>): Buffer {
  const parts: Buffer[] = [];
  for (const [path, value] of Object.entries(members)) {
    const member: TarMember = typeof value === 'string' || value instanceof Uint8Array ? { content: value } : value;
    const type = member.type ?? 'file';
    const content = Buffer.from(member.content ?? '');
    if (member.xattrs !== undefined) parts.push(attributes(member.xattrs));
    const header = Buffer.alloc(512);
    const octal = (number: number, offset: number, length: number): void => {
      header.write(`${number.toString(8).padStart(length - 1, '0')}\0`, offset, 'latin1');
    };
    if (Buffer.byteLength(path) > 100) throw new Error(`test tar: name too long: ${path}`);
    header.write(path, 0, 100, 'utf8');
    octal(member.mode ?? (type === 'directory' ? 0o755 : 0o644), 100, 8);
    octal(member.uid ?? 0, 108, 8);
    octal(member.gid ?? 0, 116, 8);
    octal(content.length, 124, 12);
    octal(member.mtime ?? 1_600_000_000, 136, 12);
    header.write('        ', 148, 'latin1');
    header.write(typeFlags[type], 156, 'latin1');
    header.write(member.link ?? '', 157, 100, 'utf8');
    header.write('ustar\x0000', 257, 'latin1');
    header.write(member.user ?? '', 265, 32, 'latin1');
    header.write(member.group ?? '', 297, 32, 'latin1');
    if (member.device !== undefined) for (const [index, id] of member.device.entries()) octal(id, 329 + index * 8, 8);
    let sum = 0;
    for (const byte of header) sum += byte;
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    parts.push(header, content, Buffer.alloc((512 - (content.length % 512)) % 512));
  }
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

function attributes(xattrs: Readonly<Record<string, Buffer>>): Buffer {
  const records = Object.entries(xattrs).map(([name, value]) => [`SCHILY.xattr.${name}`, value] as const);
  return rawEntry({ name: 'PaxHeaders/x', flag: 'x' }, paxBody(Object.fromEntries(records)));
}

/** sha256 digest in OCI spelling. */
export function sha256(bytes: Uint8Array | string): `sha256:${string}` {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export interface TestImageOptions {
  /** Keys that replace or add to the config document. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly compression?: 'gzip' | 'none';
  readonly family?: 'oci' | 'docker';
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A built image: the manifest's bytes and every blob by digest. */
export interface TestImage {
  readonly mediaType: string;
  readonly manifest: Buffer;
  readonly digest: `sha256:${string}`;
  readonly blobs: ReadonlyMap<string, Buffer>;
}

/** Builds an image in memory from uncompressed tars, lowest layer first. */
export function buildTestImage(layers: readonly Uint8Array[], options: TestImageOptions = {}): TestImage {
  const docker = options.family === 'docker';
  const gzip = docker || options.compression !== 'none';
  const blobs = new Map<string, Buffer>();
  const store = (bytes: Buffer, mediaType: string) => {
    blobs.set(sha256(bytes), bytes);
    return { mediaType, digest: sha256(bytes), size: bytes.length };
  };
  const layerType = docker
    ? 'application/vnd.docker.image.rootfs.diff.tar.gzip'
    : `application/vnd.oci.image.layer.v1.tar${gzip ? '+gzip' : ''}`;
  const config = {
    created: '2024-01-01T00:00:00Z',
    architecture: 'amd64',
    os: 'linux',
    config: { Cmd: ['/bin/sh'] },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => sha256(layer)) },
    history: layers.map((_, index) => ({ created: '2024-01-01T00:00:00Z', created_by: `layer ${index}` })),
    ...options.config,
  };
  const configType = docker
    ? 'application/vnd.docker.container.image.v1+json'
    : 'application/vnd.oci.image.config.v1+json';
  const mediaType = docker
    ? 'application/vnd.docker.distribution.manifest.v2+json'
    : 'application/vnd.oci.image.manifest.v1+json';
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType,
      config: store(Buffer.from(JSON.stringify(config)), configType),
      layers: layers.map((layer) => store(gzip ? gzipSync(layer) : Buffer.from(layer), layerType)),
      ...(options.annotations ? { annotations: options.annotations } : {}),
    }),
  );
  return { mediaType, manifest, digest: sha256(manifest), blobs };
}

/** An OCI index over images, one platform each. */
export function buildTestIndex(
  entries: readonly { readonly image: TestImage; readonly platform: Readonly<Record<string, string>> }[],
): { readonly mediaType: string; readonly manifest: Buffer; readonly digest: `sha256:${string}` } {
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const manifests = entries.map(({ image, platform }) => ({
    mediaType: image.mediaType,
    digest: image.digest,
    size: image.manifest.length,
    platform,
  }));
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests }));
  return { mediaType, manifest, digest: sha256(manifest) };
}
