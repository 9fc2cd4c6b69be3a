import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
export interface ReceivedPost {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** What it was answered; null = it was left waiting. */
  readonly status: number | null;
}

/** How the sink answers below a path; `null` leaves the caller waiting. */
export type SinkAnswer = {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
} | null;

/** A receiver of webhooks on this machine that keeps what it gets. */
export interface HttpSink extends AsyncDisposable {
  readonly url: string;
  /** Requests below a path, in order. */
  at(path: string): readonly ReceivedPost[];
  /** From now on; 200 unless said otherwise. */
  answer(path: string, answer: SinkAnswer): void;
}

/** Starts it. */
export async function startHttpSink(): Promise<HttpSink> {
  const received: ReceivedPost[] = [];
  const answers = new Map<string, SinkAnswer>();
  const first = (url: string): string => `/${url.split(/[/?]/)[1] ?? ''}`;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '/';
      const known = answers.get(first(path));
      const answer = known === undefined ? { status: 200 } : known;
      const body = Buffer.concat(chunks).toString('utf8');
      received.push({ path, headers: request.headers, body, status: answer?.status ?? null });
      if (answer !== null) response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    at: (path) => received.filter((post) => first(post.path) === path),
    answer: (path, answer) => void answers.set(path, answer),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
