import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** An HTTP proxy of the test's own that sends every name to this machine; names need not resolve anywhere. */
export interface TestProxy {
  /** `host:port`. */
  readonly host: string;
  /** What it was asked for, for example `CONNECT registry.test:443` or `GET http://mirror.test/file`. */
  readonly requests: string[];
}

/** Starts a proxy that leads every request to `port` and asks for `credential` (`user:password`) if one is given. */
export async function startProxy(
  t: TestContext,
  port: number,
  options: { readonly credential?: string; readonly status?: number } = {},
): Promise<TestProxy> {
  const { credential, status } = options;
  const expected = credential && `Basic ${Buffer.from(credential).toString('base64')}`;
  const refusal = (given: string | undefined): number | undefined => status ?? (given === expected ? undefined : 407);
  const requests: string[] = [];
  const tunnels = new Set<Socket>();
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const { 'proxy-authorization': given, ...headers } = request.headers;
    const refused = refusal(given);
    if (refused !== undefined) return void response.writeHead(refused).end();
    const { pathname } = new URL(request.url ?? '');
    const { method } = request;
    const forwarded = httpRequest({ host: '127.0.0.1', port, method, path: pathname, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  });
  server.on('connect', (request, socket: Socket) => {
    requests.push(`CONNECT ${request.url}`);
    tunnels.add(socket.on('error', () => {}));
    const refused = refusal(request.headers['proxy-authorization']);
    if (refused !== undefined) return void socket.end(`HTTP/1.1 ${refused} Refused\r\n\r\n`);
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    tunnels.add(upstream.on('error', () => socket.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of tunnels) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}
