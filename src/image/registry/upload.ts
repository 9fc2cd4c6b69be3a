import type { Readable } from 'node:stream';
import { discard, type HttpResponse } from '../../kernel/index.ts';
import type { Descriptor } from '../model.ts';
import type { Access } from './authorizer.ts';
import type { RegistryClient } from './client.ts';
import { RegistryError } from './errors.ts';
import { pause } from './retry.ts';

/** Size of the pieces in which an interrupted upload is continued when the settings name none. */
const defaultChunkBytes = 8 * 1024 * 1024;

export interface UploadOptions {
  readonly signal: AbortSignal;
  readonly mountFrom?: string | undefined;
  readonly onBytes?: ((sent: number) => void) | undefined;
}

/** Everything that the steps of one upload share. */
export interface UploadContext {
  readonly client: RegistryClient;
  /** `/v2/<name>/blobs/`. */
  readonly blobs: string;
  readonly repository: string;
  readonly descriptor: Pick<Descriptor, 'digest' | 'size'>;
  readonly open: () => Promise<Readable>;
  readonly options: UploadOptions;
}

/**
 * Stores a blob: mounted from another repository where possible, else sent in one request, or in chunks when the
 * settings or the registry ask for them. After a cut or a 5xx the registry is asked how much it has, and the rest is sent.
 */
export async function uploadBlob(context: UploadContext): Promise<'mounted' | 'uploaded'> {
  const { client, options } = context;
  const begun = await begin(context, options.mountFrom);
  if (begun === 'mounted') return 'mounted';
  let session: Session | undefined = begun;
  for (let failures = 0; ; ) {
    try {
      session ??= await beginAnew(context);
      await sendAll(context, session);
      return 'uploaded';
    } catch (error) {
      options.signal.throwIfAborted();
      await pause(error, ++failures, client.retries, options.signal);
      // The answer may have been lost after the registry had taken everything.
      if (await hasBlob(context)) return 'uploaded';
      if (session !== undefined) {
        const before: number = session.offset;
        session = await resume(context, session);
        if (session !== undefined && session.offset > before) failures = 0;
      }
    }
  }
}

interface Session {
  location: URL;
  /** Bytes that the registry has confirmed. */
  offset: number;
  /** Send the rest in pieces of this size; undefined for all in one request. */
  chunkBytes: number | undefined;
}

function accessOf(context: UploadContext, mountFrom?: string): Access {
  return { repository: context.repository, push: true, mountFrom };
}

/** Whether the registry has the blob. */
export async function hasBlob(
  context: Pick<UploadContext, 'client' | 'blobs' | 'repository' | 'descriptor' | 'options'>,
): Promise<boolean> {
  const { client, blobs, repository, descriptor, options } = context;
  const access = { repository, push: false };
  const target = `${blobs}${descriptor.digest}`;
  const response = await client.request({ method: 'HEAD', target, access, signal: options.signal });
  if (response.status === 404) {
    await discard(response);
    return false;
  }
  if (response.status !== 200) throw await client.unexpected(response, `looking for blob ${descriptor.digest}`);
  await discard(response);
  return true;
}

async function begin(context: UploadContext, mountFrom: string | undefined): Promise<Session | 'mounted'> {
  const { client, blobs, descriptor, options } = context;
  const query = mountFrom === undefined ? '' : `?mount=${descriptor.digest}&from=${encodeURIComponent(mountFrom)}`;
  const response = await client.request({
    method: 'POST',
    target: `${blobs}uploads/${query}`,
    access: accessOf(context, mountFrom),
    headers: { 'content-length': '0' },
    signal: options.signal,
  });
  // No right to read the other repository may end the mount with 401 or 403; a plain upload may still be allowed.
  if (mountFrom !== undefined && (response.status === 401 || response.status === 403 || response.status === 404)) {
    await discard(response);
    return begin(context, undefined);
  }
  await discard(
    response.status === 201 || response.status === 202
      ? response
      : await refuse(context, response, 'starting an upload'),
  );
  if (mountFrom !== undefined && response.status === 201) return 'mounted';
  const location = await client.location(response.headers.location, response, options.signal);
  return { location, offset: 0, chunkBytes: chunkBytesFor(context, response.headers['oci-chunk-min-length']) };
}

async function beginAnew(context: UploadContext): Promise<Session> {
  const begun = await begin(context, undefined);
  if (begun === 'mounted')
    throw new RegistryError('invalid_response', 'the registry mounted a blob that was not to be mounted');
  return begun;
}

function chunkBytesFor(context: UploadContext, minimum: string | undefined): number | undefined {
  const wanted = context.client.options.settings.chunkBytes;
  if (wanted === undefined || context.descriptor.size <= wanted) return undefined;
  return Math.max(wanted, minimumChunk(minimum));
}

function minimumChunk(header: string | undefined): number {
  const bytes = /^\d{1,10}$/.test(header ?? '') ? Number(header) : 0;
  return Math.min(bytes, 256 * 1024 * 1024);
}

async function refuse(context: UploadContext, response: HttpResponse, step: string): Promise<never> {
  throw await context.client.unexpected(response, `${step} for blob ${context.descriptor.digest}`);
}

async function sendAll(context: UploadContext, session: Session): Promise<void> {
  const { descriptor, options } = context;
  if (session.chunkBytes === undefined) {
    const stream = await context.open();
    await finish(context, session, counted(stream, options.onBytes), descriptor.size);
    return;
  }
  const source = await context.open();
  try {
    for await (const chunk of chunksFrom(source, session.offset, session.chunkBytes)) {
      await sendChunk(context, session, chunk);
    }
  } finally {
    source.destroy();
  }
  await finish(context, session, undefined, 0);
}

async function sendChunk(context: UploadContext, session: Session, chunk: Buffer): Promise<void> {
  const { client, options } = context;
  const response = await client.request({
    method: 'PATCH',
    target: session.location,
    access: accessOf(context),
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(chunk.length),
      'content-range': `${session.offset}-${session.offset + chunk.length - 1}`,
    },
    body: chunk,
    once: true,
    signal: options.signal,
  });
  if (response.status !== 202) await refuse(context, response, 'sending a chunk');
  await discard(response);
  session.location = await client.location(response.headers.location, response, options.signal);
  session.offset += chunk.length;
  options.onBytes?.(session.offset);
}

/** The closing PUT: with the whole content, or empty after chunks. */
async function finish(
  context: UploadContext,
  session: Session,
  body: AsyncIterable<Uint8Array> | undefined,
  length: number,
): Promise<void> {
  const { client, descriptor, options } = context;
  const target = new URL(session.location);
  target.searchParams.set('digest', descriptor.digest);
  const response = await client.request({
    method: 'PUT',
    target,
    access: accessOf(context),
    headers: { 'content-type': 'application/octet-stream', 'content-length': String(length) },
    ...(body === undefined ? {} : { body: async () => body as Readable }),
    once: true,
    signal: options.signal,
  });
  if (response.status !== 201 && response.status !== 204) await refuse(context, response, 'finishing the upload');
  await discard(response);
  const told = response.headers['docker-content-digest'];
  if (told !== undefined && told !== descriptor.digest) {
    throw new RegistryError(
      'digest_mismatch',
      `sent blob ${descriptor.digest}, the registry stored ${told.slice(0, 200)}`,
    );
  }
}

/** Asks how much has arrived. @returns undefined when the upload has to start anew */
async function resume(context: UploadContext, session: Session): Promise<Session | undefined> {
  const { client, options } = context;
  const response = await client.request({
    method: 'GET',
    target: session.location,
    access: accessOf(context),
    signal: options.signal,
  });
  await discard(response);
  const end = /^(?:bytes=)?0-(\d{1,15})$/.exec(response.headers.range ?? '')?.[1];
  // `0-0` stands for nothing as well as for one byte: not worth telling apart.
  const offset = end === undefined ? 0 : Number(end) + 1;
  if (response.status !== 204 || offset <= 1 || offset > context.descriptor.size) return undefined;
  const location = response.headers.location;
  return {
    location: location === undefined ? session.location : await client.location(location, response, options.signal),
    offset,
    chunkBytes: session.chunkBytes ?? client.options.settings.chunkBytes ?? defaultChunkBytes,
  };
}

/** Pieces of exactly `size` bytes (the last may be shorter) of what follows the first `skip` bytes. */
async function* chunksFrom(source: AsyncIterable<Uint8Array>, skip: number, size: number): AsyncGenerator<Buffer> {
  let left = skip;
  let parts: Uint8Array[] = [];
  let held = 0;
  for await (const piece of source) {
    let rest = piece.subarray(Math.min(left, piece.length));
    left -= piece.length - rest.length;
    while (rest.length > 0) {
      const part = rest.subarray(0, size - held);
      parts.push(part);
      held += part.length;
      rest = rest.subarray(part.length);
      if (held < size) continue;
      yield Buffer.concat(parts);
      parts = [];
      held = 0;
    }
  }
  if (held > 0) yield Buffer.concat(parts);
}

async function* counted(source: Readable, onBytes: ((sent: number) => void) | undefined): AsyncGenerator<Uint8Array> {
  let sent = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      yield chunk;
      sent += chunk.length;
      onBytes?.(sent);
    }
  } finally {
    source.destroy();
  }
}
