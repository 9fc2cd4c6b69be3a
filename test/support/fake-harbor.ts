import type { ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { serveInFront } from './front.ts';

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

export interface FakeHarbor {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** Paths of the API that were asked for, in order. */
  readonly requests: string[];
  /** Users that may not list artifacts. */
  pullOnly: boolean;
}

/**
 * Harbor's API v2.0 as far as an inventory needs it, over the content of a real registry: projects are the first part of
 * repository names. Pages as Harbor does: `page` and `page_size` (at most 100, here 2), `X-Total-Count`.
 */
export async function startFakeHarbor(
  t: TestContext,
  registry: string,
  user: { readonly name: string; readonly password: string },
  publicProjects: readonly string[] = [],
): Promise<FakeHarbor> {
  const json = async <T>(path: string): Promise<T> => (await fetch(`http://${registry}${path}`)).json() as Promise<T>;
  const repositories = async (): Promise<readonly string[]> =>
    (await json<{ repositories: string[] }>('/v2/_catalog?n=1000')).repositories;
  const digestOf = async (path: string, tag: string): Promise<string | null> => {
    const url = `http://${registry}/v2/${path}/manifests/${tag}`;
    const response = await fetch(url, { method: 'HEAD', headers: { accept: manifestTypes } });
    return response.status === 200 ? response.headers.get('docker-content-digest') : null;
  };
  const artifacts = async (path: string): Promise<readonly object[] | null> => {
    const { tags } = await json<{ tags?: string[] | null }>(`/v2/${path}/tags/list`);
    if (tags === undefined) return null;
    const byDigest = new Map<string, string[]>();
    for (const tag of tags ?? []) {
      const digest = await digestOf(path, tag);
      if (digest !== null) byDigest.set(digest, [...(byDigest.get(digest) ?? []), tag]);
    }
    return [...byDigest].map(([digest, names]) => ({
      type: 'IMAGE',
      digest,
      tags: names.map((name) => ({ name, immutable: name === 'fixed' })),
    }));
  };
  const expected = `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`;
  const harbor = { requests: [] as string[], pullOnly: false };
  const host = await serveInFront(t, registry, async (incoming, response) => {
    const url = new URL(incoming.url ?? '', 'http://x');
    if (url.pathname === '/v2/_catalog') return refuse(response, 401, 'UNAUTHORIZED');
    if (!url.pathname.startsWith('/api/v2.0/')) return false;
    harbor.requests.push(`${url.pathname}${url.search}`);
    if (incoming.headers.authorization !== expected) return refuse(response, 401, 'UNAUTHORIZED');
    const parts = url.pathname.slice('/api/v2.0/'.length).split('/');
    if (parts.length === 1 && parts[0] === 'projects') {
      const names = [...new Set((await repositories()).map((path) => path.split('/')[0] ?? ''))].toSorted();
      const projects = ['empty', ...names].map((name, index) => ({
        project_id: index + 1,
        name,
        metadata: { public: String(publicProjects.includes(name)) },
      }));
      return page(response, url, projects);
    }
    const [, project = '', kind, encoded = '', what] = parts;
    if (kind === 'repositories' && what === undefined) {
      const own = (await repositories()).filter((path) => path.startsWith(`${project}/`));
      return page(
        response,
        url,
        own.map((name) => ({ name })),
      );
    }
    if (what !== 'artifacts') return refuse(response, 404, 'NOT_FOUND');
    if (harbor.pullOnly) return refuse(response, 403, 'FORBIDDEN');
    const found = await artifacts(`${project}/${decodeURIComponent(decodeURIComponent(encoded))}`);
    return found === null ? refuse(response, 404, 'NOT_FOUND') : page(response, url, found);
  });
  return Object.assign(harbor, { host });
}

function page(response: ServerResponse, url: URL, items: readonly object[]): true {
  const size = Math.min(Number(url.searchParams.get('page_size') ?? 10), 100);
  const from = (Number(url.searchParams.get('page') ?? 1) - 1) * size;
  response.setHeader('content-type', 'application/json').setHeader('x-total-count', items.length);
  response.end(JSON.stringify(items.slice(from, from + size)));
  return true;
}

function refuse(response: ServerResponse, status: number, code: string): true {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] }));
  return true;
}
