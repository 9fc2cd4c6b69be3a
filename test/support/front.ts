import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { serveHttp } from './http-server.ts';

/** Answers a request itself (true), or leaves it to the server behind. */
export type Front = (incoming: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

/** A server that stands before another one and hands on what `front` does not answer. @returns its `host:port` */
export async function serveInFront(t: TestContext, host: string, front: Front): Promise<string> {
  const base = await serveHttp(t, (incoming, response) => {
    void (async () => {
      if (await front(incoming, response)) return;
      const [hostname, port] = host.split(':');
      const { method, headers, url: path } = incoming;
      const onward = request({ hostname, port, method, headers, path }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      incoming.pipe(onward);
    })();
  });
  return new URL(base).host;
}
