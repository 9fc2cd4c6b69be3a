import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildTestImage, type TestImage, tar } from './test-image.ts';

/** How large the registry is, and how it misbehaves. */
export interface BulkOptions {
  readonly repositories: number;
  readonly tags: number;
  /** Distinct images over all tags. */
  readonly images: number;
  /** The catalogue begins anew behind its end, under addresses that never repeat. */
  readonly endless?: boolean;
  /** Called before every request is answered. */
  readonly onRequest?: (path: string) => void | Promise<void>;
}

export interface BulkRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** Method and path of every request. */
  readonly requests: string[];
  imageOf(repository: number, tag: number): TestImage;
}

/** A registry of any size that makes its listings up and holds a few images: read-only, pages of `n` names. */
export async function startBulkRegistry(options: BulkOptions): Promise<BulkRegistry> {
  const { repositories, tags } = options;
  const images = Array.from({ length: options.images }, (_, n) => buildTestImage([tar({ 'etc/hostname': `h${n}` })]));
  const blobs = new Map(images.flatMap((image) => [...image.blobs]));
  const byDigest = new Map(images.map((image) => [image.digest as string, image]));
  const imageOf = (repository: number, tag: number): TestImage => {
    const image = images[(repository * 7 + tag) % images.length];
    if (image === undefined) throw new Error('no images');
    return image;
  };
  const requests: string[] = [];
  const answer = (url: URL, isHead: boolean, response: ServerResponse): unknown => {
    const [, , ...parts] = url.pathname.split('/');
    if (url.pathname === '/v2/') return response.end('{}');
    if (url.pathname === '/v2/_catalog') return catalogue(url, response);
    const [kind = '', name = ''] = parts.slice(-2);
    const repository = Number(/^bulk\/r(\d+)$/.exec(parts.slice(0, -2).join('/'))?.[1] ?? Number.NaN);
    if (Number.isNaN(repository) || repository >= repositories) return response.writeHead(404).end('{}');
    if (kind === 'tags') {
      response.setHeader('content-type', 'application/json');
      return response.end(JSON.stringify({ tags: Array.from({ length: tags }, (_, n) => `t${n}`) }));
    }
    if (kind === 'blobs') return response.end(blobs.get(name) ?? '');
    const tag = /^t(\d+)$/.exec(name)?.[1];
    const image = tag === undefined ? byDigest.get(name) : imageOf(repository, Number(tag));
    if (image === undefined) return response.writeHead(404).end('{}');
    response.writeHead(200, {
      'content-type': image.mediaType,
      'content-length': image.manifest.length,
      'docker-content-digest': image.digest,
    });
    return response.end(isHead ? undefined : image.manifest);
  };
  const catalogue = (url: URL, response: ServerResponse): unknown => {
    const size = Number(url.searchParams.get('n') ?? 100);
    const round = Number(url.searchParams.get('round') ?? 0);
    const last = url.searchParams.get('last');
    const from = last === null ? 0 : Number(last) + 1;
    const to = Math.min(repositories, from + size);
    const names = Array.from({ length: Math.max(0, to - from) }, (_, n) => `bulk/r${from + n}`);
    response.setHeader('content-type', 'application/json');
    if (to < repositories)
      response.setHeader('link', `</v2/_catalog?n=${size}&last=${to - 1}&round=${round}>; rel="next"`);
    else if (options.endless) response.setHeader('link', `</v2/_catalog?n=${size}&round=${round + 1}>; rel="next"`);
    return response.end(JSON.stringify({ repositories: names }));
  };
  const server = createServer((request, response) => {
    void (async () => {
      const path = request.url ?? '';
      requests.push(`${request.method} ${path}`);
      await options.onRequest?.(path);
      answer(new URL(path, 'http://x'), request.method === 'HEAD', response);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, requests, imageOf, [Symbol.asyncDispose]: stop };
}
