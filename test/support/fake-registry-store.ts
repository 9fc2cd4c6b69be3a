import { randomUUID } from 'node:crypto';
import { sha256 } from './test-image.ts';

/** An answer before faults are applied to it. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** A request as the fake received it. */
export interface FakeRequest {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface StoredManifest {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

/** The content of one repository; tests may read and change it at will. */
export interface FakeRepository {
  readonly blobs: Map<string, Buffer>;
  readonly manifests: Map<string, StoredManifest>;
  readonly tags: Map<string, string>;
}

export function reply(status: number, headers: Record<string, string> = {}, body: Buffer | string = ''): Reply {
  return { status, headers, body: Buffer.from(body) };
}

export function failure(status: number, code: string, message = code.toLowerCase()): Reply {
  return reply(
    status,
    { 'content-type': 'application/json' },
    JSON.stringify({ errors: [{ code, message, detail: null }] }),
  );
}

export interface StoreOptions {
  /** Serve the referrers API and answer `OCI-Subject` (default true). */
  readonly referrers?: boolean;
  /** Entries per page of tag lists (default 100). */
  readonly pageSize?: number;
  /** Honour `Range` on blobs (default true). */
  readonly ranges?: boolean;
  /** Allow cross-repository mounts (default true). */
  readonly mount?: boolean;
  /** Answer DELETE of tags with 202 (default) or refuse with 405. */
  readonly deleteTags?: boolean;
  /** Smallest chunk of a chunked upload, announced in `OCI-Chunk-Min-Length`. */
  readonly chunkMinLength?: number;
}

interface Upload {
  readonly repository: string;
  received: Buffer;
}

/** The distribution API (distribution-spec v1.1) over memory, without transport, authentication and faults. */
export class FakeStore {
  readonly repositories = new Map<string, FakeRepository>();
  readonly uploads = new Map<string, Upload>();
  readonly #options: StoreOptions;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  repository(name: string): FakeRepository {
    const found = this.repositories.get(name);
    if (found) return found;
    const created: FakeRepository = { blobs: new Map(), manifests: new Map(), tags: new Map() };
    this.repositories.set(name, created);
    return created;
  }

  handle(request: FakeRequest): Reply {
    const { method, path } = request;
    if (path === '/v2/' || path === '/v2') return reply(200, {}, '{}');
    if (path === '/v2/_catalog') {
      const repositories = [...this.repositories].filter(([, { tags }]) => tags.size > 0).map(([name]) => name);
      return reply(200, { 'content-type': 'application/json' }, JSON.stringify({ repositories: repositories.sort() }));
    }
    const match = /^\/v2\/(.+)\/(manifests|blobs|tags|referrers)\/(.+)$/.exec(path);
    if (!match) return failure(404, 'NOT_FOUND');
    const [, name = '', kind, rest = ''] = match;
    const upload = /^\/v2\/(.+)\/blobs\/uploads\/(.*)$/.exec(path);
    if (upload) return this.#upload(request, upload[1] ?? '', upload[2] ?? '');
    if (kind === 'tags') return this.#tags(request, name);
    if (kind === 'referrers') return this.#referrers(name, rest);
    if (kind === 'manifests') return this.#manifests(request, name, rest);
    if (method === 'GET' || method === 'HEAD') return this.#blob(request, name, rest);
    return failure(405, 'UNSUPPORTED');
  }

  /** Adds bytes that arrived before a connection was cut, as real registries keep them. */
  appendPartial(path: string, bytes: Buffer): void {
    const upload = this.uploads.get(path.slice(path.lastIndexOf('/') + 1));
    if (upload) upload.received = Buffer.concat([upload.received, bytes]);
  }

  #blob(request: FakeRequest, name: string, digest: string): Reply {
    const bytes = this.repositories.get(name)?.blobs.get(digest);
    if (!bytes) return failure(404, 'BLOB_UNKNOWN');
    const headers = { 'content-type': 'application/octet-stream', 'docker-content-digest': digest };
    const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
    if (from === undefined || this.#options.ranges === false) return reply(200, headers, bytes);
    const start = Number(from);
    if (start >= bytes.length) return failure(416, 'SIZE_INVALID');
    const range = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
    return reply(206, { ...headers, 'content-range': range }, bytes.subarray(start));
  }

  #manifests(request: FakeRequest, name: string, reference: string): Reply {
    if (request.method === 'PUT') return this.#putManifest(request, name, reference);
    const repository = this.repositories.get(name);
    if (request.method === 'DELETE') {
      if (this.#options.deleteTags === false && !reference.includes(':')) return failure(405, 'UNSUPPORTED');
      const gone = repository?.tags.delete(reference) || repository?.manifests.delete(reference);
      return gone ? reply(202) : failure(404, 'MANIFEST_UNKNOWN');
    }
    const digest = repository?.tags.get(reference) ?? reference;
    const manifest = repository?.manifests.get(digest);
    if (!manifest) return failure(404, 'MANIFEST_UNKNOWN');
    return reply(200, { 'content-type': manifest.mediaType, 'docker-content-digest': digest }, manifest.bytes);
  }

  #putManifest(request: FakeRequest, name: string, reference: string): Reply {
    const digest = sha256(request.body);
    if (reference.includes(':') && reference !== digest) return failure(400, 'DIGEST_INVALID');
    const repository = this.repository(name);
    const content = JSON.parse(request.body.toString()) as {
      config?: { digest: string };
      layers?: { digest: string }[];
      manifests?: { digest: string }[];
      subject?: { digest: string };
    };
    const blobs = [...(content.config ? [content.config] : []), ...(content.layers ?? [])];
    const missing =
      blobs.some((blob) => !repository.blobs.has(blob.digest)) ||
      (content.manifests ?? []).some((child) => !repository.manifests.has(child.digest));
    // A fallback index of referrers lists manifests that are present, so the same rule holds for it.
    if (missing) return failure(400, 'MANIFEST_BLOB_UNKNOWN');
    repository.manifests.set(digest, { bytes: request.body, mediaType: request.headers['content-type'] ?? '' });
    if (!reference.includes(':')) repository.tags.set(reference, digest);
    const subject = content.subject && this.#options.referrers !== false;
    return reply(201, {
      location: `/v2/${name}/manifests/${digest}`,
      'docker-content-digest': digest,
      ...(subject ? { 'oci-subject': content.subject?.digest ?? '' } : {}),
    });
  }

  #tags(request: FakeRequest, name: string): Reply {
    const tags = [...(this.repositories.get(name)?.tags.keys() ?? [])].sort();
    if (tags.length === 0) return failure(404, 'NAME_UNKNOWN');
    const size = Math.min(Number(request.query.get('n') ?? 1000), this.#options.pageSize ?? 100);
    const last = request.query.get('last');
    const rest = last === null ? tags : tags.filter((tag) => tag > last);
    const page = rest.slice(0, size);
    const more = rest.length > page.length;
    const next = `</v2/${name}/tags/list?n=${size}&last=${page.at(-1)}>; rel="next"`;
    return reply(
      200,
      { 'content-type': 'application/json', ...(more ? { link: next } : {}) },
      JSON.stringify({ name, tags: page }),
    );
  }

  #referrers(name: string, digest: string): Reply {
    if (this.#options.referrers === false) return failure(404, 'NOT_FOUND');
    const manifests = [];
    for (const [own, { bytes, mediaType }] of this.repositories.get(name)?.manifests ?? []) {
      const content = JSON.parse(bytes.toString());
      if (content.subject?.digest !== digest) continue;
      const artifactType = content.artifactType ?? content.config?.mediaType;
      manifests.push({ mediaType, digest: own, size: bytes.length, artifactType, annotations: content.annotations });
    }
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    return reply(200, { 'content-type': mediaType }, JSON.stringify({ schemaVersion: 2, mediaType, manifests }));
  }

  #upload(request: FakeRequest, name: string, id: string): Reply {
    if (request.method === 'POST') return this.#startUpload(request, name);
    const upload = this.uploads.get(id);
    if (!upload) return failure(404, 'BLOB_UPLOAD_UNKNOWN');
    const state = (): Record<string, string> => ({
      location: `/v2/${name}/blobs/uploads/${id}`,
      range: `0-${Math.max(0, upload.received.length - 1)}`,
    });
    if (request.method === 'GET') return reply(204, state());
    if (request.method === 'DELETE') {
      this.uploads.delete(id);
      return reply(204);
    }
    const start = /^(?:bytes )?(\d+)-/.exec(request.headers['content-range'] ?? '')?.[1];
    if (start !== undefined && Number(start) !== upload.received.length) return reply(416, state());
    upload.received = Buffer.concat([upload.received, request.body]);
    if (request.method === 'PATCH') return reply(202, state());
    const digest = request.query.get('digest') ?? '';
    this.uploads.delete(id);
    if (sha256(upload.received) !== digest) return failure(400, 'DIGEST_INVALID');
    this.repository(name).blobs.set(digest, upload.received);
    return reply(201, { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest });
  }

  #startUpload(request: FakeRequest, name: string): Reply {
    const mount = request.query.get('mount');
    const source = this.repositories.get(request.query.get('from') ?? '')?.blobs.get(mount ?? '');
    if (mount && source && this.#options.mount !== false) {
      this.repository(name).blobs.set(mount, source);
      return reply(201, { location: `/v2/${name}/blobs/${mount}`, 'docker-content-digest': mount });
    }
    const id = randomUUID();
    this.uploads.set(id, { repository: name, received: Buffer.alloc(0) });
    const minimum = this.#options.chunkMinLength;
    return reply(202, {
      location: `/v2/${name}/blobs/uploads/${id}`,
      range: '0-0',
      'docker-upload-uuid': id,
      ...(minimum === undefined ? {} : { 'oci-chunk-min-length': String(minimum) }),
    });
  }
}
