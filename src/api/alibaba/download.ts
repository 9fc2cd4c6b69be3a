import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../access/index.ts';
import { type Clock, hasCode } from '../../kernel/index.ts';
import type { Call, ExportFile, Services } from '../../service/index.ts';
import { RpcError } from './errors.ts';
import { goneSignal } from './protocol/answer.ts';
import type { RawParameters } from './protocol/parameters.ts';
import type { AlibabaSettings } from './settings.ts';

/**
 * Name in `Action` of download links. They have the path of the API itself, so that a proxy which forwards only `/`
 * forwards them too.
 */
export const linkAction = 'DownloadExport';

/** What a link stands for: one export, for the rights and the name of the caller who asked for the link. */
interface Ticket {
  readonly job: string;
  readonly projects: Call['projects'];
  readonly user: string;
  readonly userId: number | null;
  /** ms */
  readonly until: number;
}

/** A link to the file of an export: signed, good for some minutes, of use without further credentials. */
export function downloadLink(settings: AlibabaSettings, origin: string, call: Call, job: string, now: number): string {
  const { name: user, userId } = call.actor;
  const ticket: Ticket = { job, projects: call.projects, user, userId, until: now + settings.linkMs };
  const token = Buffer.from(JSON.stringify(ticket)).toString('base64url');
  const query = new URLSearchParams({ Action: linkAction, Version: '2018-12-03', Token: token });
  query.set('Signature', sign(settings.linkKey, token));
  return `${origin}/?${query}`;
}

function sign(key: Uint8Array, token: string): string {
  return createHmac('sha256', key).update(`drydock export link 1\n${token}`).digest('base64url');
}

function ticketOf(parameters: RawParameters, key: Uint8Array, now: number): Ticket {
  const token = parameters.get('Token') ?? '';
  const given = Buffer.from(parameters.get('Signature') ?? '');
  const right = Buffer.from(sign(key, token));
  if (given.length !== right.length || !timingSafeEqual(given, right)) throw denied('This link is not valid.');
  const ticket = JSON.parse(Buffer.from(token, 'base64url').toString()) as Ticket;
  if (ticket.until <= now) throw denied('This link has expired; ask DescribeExportInfo for a new one.');
  return ticket;
}

function denied(message: string): RpcError {
  return new RpcError(403, 'AccessDenied', message);
}

/** Sends the file that a link stands for; ranges and conditional requests work, so that downloads can go on. */
export async function sendLinkedFile(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: {
    readonly services: Services;
    readonly clock: Clock;
    readonly settings: AlibabaSettings;
    readonly parameters: RawParameters;
    readonly requestId: string;
  },
): Promise<FastifyReply> {
  if (request.method === 'POST') throw denied('Download links are for GET.');
  const ticket = ticketOf(deps.parameters, deps.settings.linkKey, deps.clock.now().getTime());
  const { user: name, userId, projects } = ticket;
  const actor: Actor = { name, userId, accessKeyId: null, address: request.ip, requestId: deps.requestId };
  const call: Call = { projects, actor, signal: goneSignal(reply) };
  const file = await deps.services.exports.file(call, ticket.job).catch((error: unknown) => {
    if (hasCode(error, 'expired')) return null;
    throw error;
  });
  if (file === null) throw new RpcError(404, 'NoSuchExport', 'The file is not there any more.');
  return sendFile(request, reply, file);
}

async function sendFile(request: FastifyRequest, reply: FastifyReply, file: ExportFile): Promise<FastifyReply> {
  const etag = `"${file.sha256}"`;
  const common = {
    etag,
    'accept-ranges': 'bytes',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    'x-content-type-options': 'nosniff',
  };
  if (request.headers['if-none-match'] === etag) return reply.code(304).headers(common).send();
  const ifRange = request.headers['if-range'];
  const range = ifRange === undefined || ifRange === etag ? rangeOf(request.headers.range, file.bytes) : undefined;
  if (range === 'unsatisfiable') {
    throw new RpcError(416, 'InvalidRange', 'The range is outside of the file.', {
      headers: { 'content-range': `bytes */${file.bytes}` },
    });
  }
  const { start, end } = range ?? { start: 0, end: file.bytes };
  reply
    .code(range === undefined ? 200 : 206)
    .headers({ ...common, 'content-length': String(end - start) })
    .type(file.contentType);
  if (range !== undefined) reply.header('content-range', `bytes ${start}-${end - 1}/${file.bytes}`);
  return request.method === 'HEAD' ? reply.send() : reply.send(file.open(start, end));
}

/** One range of bytes, half-open; several ranges or nonsense mean the whole file (RFC 9110 §14.2). */
function rangeOf(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '') {
    const tail = Math.min(Number(last), size);
    return tail === 0 ? 'unsatisfiable' : { start: size - tail, end: size };
  }
  const start = Number(first);
  const end = last === '' ? size : Math.min(Number(last) + 1, size);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end };
}
