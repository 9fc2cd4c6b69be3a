import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Mount, Refusal, RefusalAnswer, RefusalCode, RequestHead } from './contract.ts';
import { universalRefusal } from './refusals.ts';

const byCode: Readonly<Record<string, readonly [number, RefusalCode, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'headers_too_large', 'The request line and headers exceed the limit of this server'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'body_too_large', 'The chunk extensions exceed the limit of this server'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request_timeout', 'The request did not arrive in time'],
};

/** The head of a request that the parser gave up on, as far as its first line can be read. */
export function headOfRawPacket(packet: Uint8Array | undefined): RequestHead | undefined {
  if (packet === undefined) return undefined;
  const text = Buffer.from(packet.buffer, packet.byteOffset, Math.min(packet.byteLength, 8192)).toString('latin1');
  const match = /^([A-Z]{1,20}) (\/[^ ?\r\n]*)(?:\?([^ \r\n]*))?/.exec(text);
  if (match === null) return undefined;
  const action = /\r\nx-acs-action: *([^\r\n]*)/i.exec(text)?.[1];
  return {
    method: match[1] ?? 'GET',
    path: match[2] ?? '/',
    query: match[3] ?? '',
    headers: action === undefined ? {} : { 'x-acs-action': action },
  };
}

/** A complete answer for a socket whose request never became one, with `Connection: close`. */
export function rawAnswer(answer: RefusalAnswer, requestId: string): string {
  const body = JSON.stringify(answer.body);
  const headers = {
    ...answer.headers,
    'x-request-id': requestId,
    'x-content-type-options': 'nosniff',
    'content-type': answer.contentType,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? 'Error'}\r\n${lines.join('')}\r\n${body}`;
}

/**
 * Answers what Node's parser refuses (400, 408, 413, 431), which never reaches a route: as JSON in the vocabulary of the
 * mount that the request was meant for, or in all vocabularies at once.
 */
export function answerClientError(
  error: Error & { code?: string; rawPacket?: Uint8Array },
  socket: Socket,
  mounts: readonly Mount[],
): Refusal | undefined {
  if (error.code === 'ECONNRESET' || !socket.writable || socket.destroyed) {
    socket.destroy();
    return undefined;
  }
  const [status, code, detail] = byCode[error.code ?? ''] ?? [
    400,
    'bad_request' as const,
    'The request is not valid HTTP/1.1',
  ];
  const requestId = randomUUID().toUpperCase();
  const refusal: Refusal = { code, status, detail, requestId, host: '' };
  const head = headOfRawPacket(error.rawPacket);
  const mount = head === undefined ? undefined : mounts.find((candidate) => candidate.owns(head));
  const answer = mount === undefined ? universalRefusal(refusal) : mount.refuse(refusal);
  // Bytes that are still under way would reset the connection before the client has read the answer.
  socket.end(rawAnswer(answer, requestId), () => setTimeout(() => socket.destroy(), 250).unref());
  return refusal;
}
