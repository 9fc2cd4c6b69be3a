import type { Readable } from 'node:stream';
import { type HttpResponse, paced } from '../../kernel/index.ts';
import type { Descriptor } from '../model.ts';
import { verifyStream } from '../sources/verify-stream.ts';
import type { Access } from './authorizer.ts';
import type { RegistryClient } from './client.ts';
import { RegistryError } from './errors.ts';
import { refuseHtml } from './responses.ts';
import { pause } from './retry.ts';
import { connectionError } from './transport-errors.ts';

/** Restarts of one download that made progress in between. */
const maxResumes = 100;
/** So much must have come since the last failure to count as progress; a server that drips on for ever does not get there. */
const progressBytes = 256 * 1024;

/**
 * Opens a blob. A connection that is cut is continued with a range request where it stopped; the digest covers the
 * whole content across all pieces. The first answer is awaited, so `not_found` and refusals are thrown at once.
 */
export async function downloadBlob(
  client: RegistryClient,
  path: string,
  access: Access,
  descriptor: Pick<Descriptor, 'digest' | 'size'>,
  signal: AbortSignal,
): Promise<Readable> {
  const get = async (offset: number): Promise<HttpResponse> => {
    const headers: Record<string, string> = offset > 0 ? { range: `bytes=${offset}-` } : {};
    const response = await client.request({ method: 'GET', target: path, access, headers, signal });
    await refuseHtml(response, `reading blob ${descriptor.digest}`);
    if (response.status === 200 || (offset > 0 && response.status === 206)) return response;
    throw await client.unexpected(response, `reading blob ${descriptor.digest}`);
  };
  const first = await get(0);
  const claimed = first.headers['content-length'];
  if (claimed !== undefined && Number(claimed) !== descriptor.size) {
    first.body.destroy();
    throw new RegistryError(
      'digest_mismatch',
      `blob ${descriptor.digest}: the registry announces ${claimed} bytes, the manifest says ${descriptor.size}`,
    );
  }
  const download = new Download(client, get, descriptor.size, signal);
  return verifyStream(download.chunks(first), descriptor, () => download.close());
}

class Download {
  readonly #client: RegistryClient;
  readonly #get: (offset: number) => Promise<HttpResponse>;
  readonly #size: number;
  readonly #signal: AbortSignal;
  #body: Readable | undefined;

  constructor(
    client: RegistryClient,
    get: (offset: number) => Promise<HttpResponse>,
    size: number,
    signal: AbortSignal,
  ) {
    this.#client = client;
    this.#get = get;
    this.#size = size;
    this.#signal = signal;
  }

  close(): void {
    this.#body?.destroy();
  }

  async *chunks(first: HttpResponse): AsyncGenerator<Uint8Array> {
    let response = first;
    let offset = 0;
    let failures = 0;
    for (let resumes = 0; ; resumes++) {
      this.#body = response.body;
      const skip = offset - startOf(response, offset);
      const began = offset;
      try {
        for await (const chunk of paced(
          dropFirst(response.body, skip),
          this.#client.options.limits,
          response.url.host,
        )) {
          offset += chunk.length;
          if (offset - began >= progressBytes) failures = 0;
          yield chunk;
        }
        if (offset >= this.#size) return;
        throw new RegistryError('unavailable', `${response.url.host} ended a blob too early`, { retryable: true });
      } catch (error) {
        this.#signal.throwIfAborted();
        response.body.destroy();
        if (resumes >= maxResumes) throw error;
        await pause(connectionError(error, response.url.host), ++failures, this.#client.retries, this.#signal);
      }
      response = await this.#get(offset);
    }
  }
}

/** Where the body of an answer starts. A server that ignores ranges sends everything again. */
function startOf(response: HttpResponse, wanted: number): number {
  if (response.status !== 206) return 0;
  const start = /^bytes (\d{1,15})-/.exec(response.headers['content-range'] ?? '')?.[1];
  if (start !== undefined && Number(start) <= wanted) return Number(start);
  response.body.destroy();
  throw new RegistryError('invalid_response', `${response.url.host} answered with another range than was asked for`);
}

async function* dropFirst(body: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const chunk of body) {
    if (left < chunk.length) yield left === 0 ? chunk : chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}
