import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ExportFile } from '../../service/index.ts';

/** A half-open range of bytes. */
interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The range that a request asks for (RFC 9110 §14): undefined = the whole file, also for several ranges and for units that
 * are not bytes; `unsatisfiable` = behind its end.
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec((header ?? '').trim());
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size };
  }
  const start = Number(first);
  const end = last === '' ? size : Math.min(Number(last) + 1, size);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end };
}

/** An attachment name that no header parser misreads (RFC 6266). */
export function disposition(name: string): string {
  const plain = name.replace(/[^\w.() -]/g, '_');
  const exact = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"${plain === name ? '' : `; filename*=UTF-8''${exact}`}`;
}

/** Sends a finished file: ranges, conditions, checksum; a broken transfer can be continued where it ended. */
export async function sendDownload(request: FastifyRequest, reply: FastifyReply, file: ExportFile): Promise<void> {
  const etag = `"${file.sha256}"`;
  reply.headers({
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-disposition': disposition(file.name),
    'repr-digest': `sha-256=:${Buffer.from(file.sha256, 'hex').toString('base64')}:`,
    digest: `SHA-256=${Buffer.from(file.sha256, 'hex').toString('base64')}`,
    'x-checksum-sha256': file.sha256,
  });
  const known = request.headers['if-none-match'];
  if (known?.split(',').some((tag) => tag.trim() === etag || tag.trim() === '*' || tag.trim() === `W/${etag}`)) {
    await reply.code(304).send();
    return;
  }
  const condition = request.headers['if-range'];
  const usable = request.method === 'GET' && (condition === undefined || condition === etag);
  const range = usable ? rangeOf(request.headers.range, file.bytes) : undefined;
  if (range === 'unsatisfiable') {
    await reply
      .code(416)
      .header('content-range', `bytes */${file.bytes}`)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          type: 'urn:drydock:problem:range_not_satisfiable',
          title: 'This range is not in the file',
          status: 416,
          code: 'range_not_satisfiable',
          detail: `The file has ${file.bytes} bytes`,
          requestId: request.id,
        }),
      );
    return;
  }
  const { start, end } = range ?? { start: 0, end: file.bytes };
  if (range !== undefined) {
    reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${file.bytes}`);
  }
  reply.header('content-length', end - start).type(file.contentType);
  if (request.method === 'HEAD') {
    // An empty stream: for no payload at all Fastify would say that the file is empty.
    await reply.send(Readable.from([]));
    return;
  }
  await reply.send(file.open(start, end));
}
