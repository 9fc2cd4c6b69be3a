import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { isJsonObject, type JsonObject, parseJson } from '../../kernel/index.ts';
import { AdvisoryError } from '../errors.ts';
import type { FeedState } from '../index/schema.ts';

/**
 * A bundle carries one snapshot over an air gap: three text lines and the index, compressed with zstd.
 *
 *     drydock-advisories 1
 *     {"sequence":…,"createdAt":…,"feeds":[…],"index":{"sha256":…,"size":…}}
 *     Ed25519 signature over both lines in base64, or `-`
 *     <zstd>
 *
 * The header binds the index by its SHA-256, so a signature over the header covers everything.
 */
export interface BundleHeader {
  readonly sequence: number;
  readonly createdAt: string;
  readonly feeds: readonly Pick<FeedState, 'id' | 'fingerprint' | 'records' | 'modified'>[];
  readonly index: { readonly sha256: string; readonly size: number };
}

const magic = 'drydock-advisories 1\n';
const maxHeader = 256 * 1024;
const maxIndex = 8 * 1024 ** 3;

/** Reads a PEM key. @throws AdvisoryError `key_invalid` */
export function ed25519Key(pem: string, kind: 'private' | 'public'): KeyObject {
  const hint =
    kind === 'private'
      ? 'Make a key with `openssl genpkey -algorithm ed25519 -out signing.pem`.'
      : 'Use the public key of the exporting side: `openssl pkey -in signing.pem -pubout`.';
  let key: KeyObject;
  try {
    key = kind === 'private' ? createPrivateKey(pem) : createPublicKey(pem);
  } catch (cause) {
    throw new AdvisoryError('key_invalid', `not a ${kind} key in PEM form`, { cause, hint });
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new AdvisoryError('key_invalid', `the ${kind} key is ${key.asymmetricKeyType}, not Ed25519`, { hint });
}

/**
 * Writes a bundle; the file appears complete or not at all.
 * @throws AdvisoryError `bundle_invalid` for a place that holds no file: a device must not be replaced by one
 */
export async function writeBundle(file: string, index: string, header: BundleHeader, key?: KeyObject): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found && !found.isFile()) {
    throw new AdvisoryError('bundle_invalid', `${file} is not a file`, { hint: 'Name a file that may be written.' });
  }
  const head = `${magic}${JSON.stringify(header)}\n`;
  const signature = key === undefined ? '-' : sign(null, Buffer.from(head), key).toString('base64');
  const temporary = join(dirname(file), `.${process.pid}-${header.index.sha256.slice(0, 16)}.tmp`);
  try {
    await using out = await open(temporary, 'w', 0o644);
    await out.writeFile(`${head}${signature}\n`);
    const compress = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 9 } });
    const source = createReadStream(index, { highWaterMark: 1024 * 1024 });
    source.on('error', (error) => compress.destroy(error));
    for await (const chunk of source.pipe(compress)) await out.writeFile(chunk as Buffer);
    await out.sync();
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** An opened bundle: its header is checked, its index is not yet. */
export interface OpenBundle {
  readonly header: BundleHeader;
  readonly signed: boolean;
  /** Writes the index to a path and checks it against the header. @throws AdvisoryError `bundle_invalid` */
  extract(path: string, signal: AbortSignal): Promise<void>;
}

/**
 * Reads the head of a bundle.
 * @param key when given, the bundle must be signed with it.
 * @throws AdvisoryError `bundle_invalid`, `bundle_signature`
 */
export async function openBundle(file: string, key?: KeyObject): Promise<OpenBundle> {
  const { head, signature, start } = await readHead(file);
  if (key !== undefined) requireSignature(head, signature, key);
  const header = headerOf(head);
  return {
    header,
    signed: signature !== '-',
    extract: (path, signal) => extract(file, start, header, path, signal),
  };
}

async function readHead(file: string): Promise<{ head: string; signature: string; start: number }> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (cause) {
    throw new AdvisoryError('bundle_invalid', `${file} cannot be read`, { cause });
  }
  await using opened = handle;
  const { buffer, bytesRead } = await opened.read(Buffer.alloc(maxHeader), 0, maxHeader, 0);
  const bytes = buffer.subarray(0, bytesRead);
  if (!bytes.subarray(0, magic.length).equals(Buffer.from(magic)))
    throw invalid('not an advisory bundle of this version');
  const headEnd = bytes.indexOf('\n', magic.length) + 1;
  const signatureEnd = headEnd === 0 ? -1 : bytes.indexOf('\n', headEnd);
  if (signatureEnd < 0) throw invalid('the bundle is truncated');
  const signature = bytes.subarray(headEnd, signatureEnd).toString('latin1');
  return { head: bytes.subarray(0, headEnd).toString('utf8'), signature, start: signatureEnd + 1 };
}

function requireSignature(head: string, signature: string, key: KeyObject): void {
  const hint = 'Check that the bundle comes from your own export and that the key is its public key.';
  if (signature === '-') throw new AdvisoryError('bundle_signature', 'the bundle is not signed', { hint });
  if (verify(null, Buffer.from(head), key, Buffer.from(signature, 'base64'))) return;
  throw new AdvisoryError('bundle_signature', 'the signature of the bundle does not match the key', { hint });
}

function headerOf(head: string): BundleHeader {
  let value: JsonObject;
  try {
    const parsed = parseJson(Buffer.from(head.slice(magic.length)), { maxBytes: maxHeader, maxDepth: 10 });
    if (!isJsonObject(parsed)) throw new TypeError('no object');
    value = parsed;
  } catch (cause) {
    throw invalid('the header of the bundle is damaged', cause);
  }
  const { sequence, createdAt, feeds, index } = value;
  const size = isJsonObject(index) ? index.size : undefined;
  const sha256 = isJsonObject(index) ? index.sha256 : undefined;
  const dated = typeof createdAt === 'string' && !Number.isNaN(Date.parse(createdAt)) && Number.isSafeInteger(sequence);
  const bound = typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256) && Number.isSafeInteger(size);
  if (!dated || !bound || !Array.isArray(feeds) || Number(size) <= 0)
    throw invalid('the header of the bundle is damaged');
  if (Number(size) > maxIndex) throw invalid(`the index of the bundle exceeds ${maxIndex} bytes`);
  return value as unknown as BundleHeader;
}

async function extract(
  file: string,
  start: number,
  header: BundleHeader,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const hash = createHash('sha256');
  let size = 0;
  await using out = await open(path, 'wx', 0o644);
  const decompress = createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: 27 } });
  const source = createReadStream(file, { start, highWaterMark: 1024 * 1024, signal });
  source.on('error', (error) => decompress.destroy(error));
  try {
    for await (const chunk of source.pipe(decompress) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > header.index.size) throw invalid('the bundle holds more than its header says');
      hash.update(chunk);
      await out.writeFile(chunk);
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw cause instanceof AdvisoryError ? cause : invalid('the bundle is damaged or truncated', cause);
  } finally {
    source.destroy();
  }
  if (size !== header.index.size || hash.digest('hex') !== header.index.sha256) {
    throw invalid('the content of the bundle differs from its header');
  }
  await out.sync();
}

function invalid(message: string, cause?: unknown): AdvisoryError {
  const hint = 'Copy the bundle again; compare its checksum with that of the exported file.';
  return new AdvisoryError('bundle_invalid', message, { cause, hint });
}
