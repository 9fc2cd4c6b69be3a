import { once } from 'node:events';
import { z } from 'zod';
import type { OutboxEvent } from '../../../jobs/index.ts';
import { authenticate, authorise } from '../authenticate.ts';
import { NativeError } from '../errors.ts';
import { eventFor } from '../event-scope.ts';
import { type Route, type RouteCall, route } from '../route.ts';
import { openStream } from '../streams.ts';

const action = 'drydock:event:read';
/** How often the rights of an open stream are looked up again. */
const recheckMs = 60_000;
/** How long a client may take to read what was sent. */
const slowMs = 60_000;

function eventText(event: OutboxEvent): string {
  const data = JSON.stringify({
    at: new Date(event.at).toISOString(),
    topic: event.topic,
    projectId: event.projectId,
    payload: event.payload,
  });
  // JSON holds no line feeds, so a payload cannot forge a line of the stream.
  return `id: ${event.id}\nevent: ${event.topic.replace(/[^\w.-]/g, '_')}\ndata: ${data}\n\n`;
}

type Query = { readonly after?: number | undefined; readonly topic?: readonly string[] | undefined };

function startAfter(request: RouteCall<unknown, Query, unknown>): number | undefined {
  const header = request.request.headers['last-event-id'];
  if (header === undefined) return request.query.after;
  if (typeof header === 'string' && /^\d{1,15}$/.test(header)) return Number(header);
  throw new NativeError('invalid_field', 'Last-Event-ID is not one of ours', { field: 'Last-Event-ID' });
}

/** Sends events until the client goes, the server drains, or the right to see them ends. */
async function stream(request: RouteCall<unknown, Query, unknown>): Promise<string> {
  const { deps, reply, query, caller } = request;
  const after = startAfter(request);
  if (request.request.method === 'HEAD') {
    await reply.type('text/event-stream; charset=utf-8').send('');
    return '';
  }
  let call = request.call;
  const wanted = (event: OutboxEvent): boolean =>
    query.topic === undefined ||
    query.topic.some((topic) => event.topic === topic || event.topic.startsWith(`${topic}.`));
  const signal = openStream(deps, caller.principal.userId, call.signal);
  reply.hijack();
  const out = reply.raw;
  out.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    connection: 'keep-alive',
  });
  const write = async (text: string): Promise<void> => {
    if (out.write(text) || signal.aborted) return;
    await once(out, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(slowMs)]) });
  };
  const heartbeat = setInterval(() => {
    if (out.writableLength === 0) out.write(': still here\n\n');
  }, deps.settings.heartbeatMs);
  const recheck = setInterval(() => {
    authenticate(deps.access, request.request)
      .then(({ principal }) => {
        call = authorise(deps.access, principal, action, request.request, { global: false, signal });
      })
      .catch(() => out.destroy());
  }, recheckMs);
  try {
    await write('retry: 2000\n\n');
    for await (const event of deps.events.subscribe({ ...(after === undefined ? {} : { after }), signal })) {
      const shown = wanted(event) ? eventFor(call, event) : null;
      if (shown !== null) await write(eventText(shown));
    }
  } catch (error) {
    if (!signal.aborted) request.request.log.warn({ err: error, requestId: request.request.id }, 'event stream ended');
  } finally {
    clearInterval(heartbeat);
    clearInterval(recheck);
    out.end();
  }
  return '';
}

const events = route({
  method: 'GET',
  path: '/events',
  access: action,
  tag: 'events',
  raw: true,
  content: 'text/event-stream',
  summary: 'Server-sent events: progress and changes in the projects of the caller. Resumes behind Last-Event-ID',
  query: z.strictObject({
    after: z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number)
      .optional()
      .describe('Like Last-Event-ID; it wins'),
    topic: z
      .string()
      .regex(/^[\w.,-]{1,300}$/)
      .transform((text) => text.split(','))
      .optional()
      .describe('`scan`, `fix.stage`, several by commas'),
  }),
  answer: z.string(),
  handle: stream,
});

/** Live events. */
export const eventRoutes: readonly Route[] = [events];
