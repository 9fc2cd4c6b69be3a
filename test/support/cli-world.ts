import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianRootfs, ociLayout } from './debian-image.ts';
import { debianMirror } from './debian-mirror.ts';
import { startDockerRegistry } from './docker-registry.ts';
import { drydock } from './drydock.ts';
import { type Finished, mustRun } from './run.ts';
import { findProgram } from './system.ts';

const user = { name: 'robot', password: 'secret & 1' };

/** Where the real command line meets a real registry: files, credentials, a data directory of its own. */
export interface CliWorld extends AsyncDisposable {
  /** `127.0.0.1:PORT` of Debian's docker-registry, which asks for credentials. */
  readonly host: string;
  readonly directory: string;
  readonly dataDirectory: string;
  /** Environment with the credentials; `anonymous` is without. */
  readonly env: NodeJS.ProcessEnv;
  readonly anonymous: NodeJS.ProcessEnv;
  /** Runs `bin/drydock` with the credentials. */
  run(...args: string[]): Promise<Finished>;
  /** Copies with skopeo, the independent client; `docker://` references are authenticated. */
  copy(from: string, to: string, ...options: string[]): Promise<void>;
  /** GET of the registry's API below `/v2/`. */
  get(path: string): Promise<Response>;
  /** Another request of the API; `path` may be a whole URL of the registry. */
  send(method: string, path: string, body?: Buffer, type?: string): Promise<Response>;
  /** Raw manifest of `repository:reference` with its digest. */
  manifest(repository: string, reference: string): Promise<RawDocument>;
  blob(repository: string, digest: string): Promise<Buffer>;
}

/** A document as the registry delivers it. */
export interface RawDocument {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: tests read foreign JSON by its published form
  readonly json: any;
}

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** Why the whole path cannot be tested on this machine, for the `skip` option; false when it can. */
export function cannotRunLoop(...more: readonly string[]): string | false {
  const programs = ['docker-registry', 'htpasswd', 'skopeo', 'mmdebstrap', 'umoci', ...more];
  const missing = programs.filter((name) => findProgram(name) === undefined);
  if (missing.length > 0) return `needs ${missing.join(', ')}: run tools/system-deps.sh`;
  if (process.getuid?.() !== 0) return 'needs root: images are built and unpacked with their owners';
  return debianMirror() === undefined && 'needs a Debian mirror: set DRYDOCK_DEBIAN_MIRROR';
}

/** Starts an empty registry with one user; disposing stops it and removes everything. */
export async function createCliWorld(): Promise<CliWorld> {
  const [program, htpasswd] = [findProgram('docker-registry') ?? '', findProgram('htpasswd') ?? ''];
  const registry = await startDockerRegistry({ program, user: { ...user, htpasswd } });
  const directory = await mkdtemp(join(tmpdir(), 'drydock-e2e-'));
  const basic = Buffer.from(`${user.name}:${user.password}`).toString('base64');
  await mkdir(join(directory, 'auth'));
  const authFile = join(directory, 'auth/config.json');
  await writeFile(authFile, JSON.stringify({ auths: { [registry.host]: { auth: basic } } }));
  const dataDirectory = join(directory, 'data');
  const anonymous = { DOCKER_CONFIG: join(directory, 'nothing'), REGISTRY_AUTH_FILE: join(directory, 'nothing.json') };
  const env = { DOCKER_CONFIG: join(directory, 'auth') };
  const get = (path: string): Promise<Response> =>
    fetch(`http://${registry.host}/v2/${path}`, {
      headers: { authorization: `Basic ${basic}`, accept: manifestTypes },
    });
  const send: CliWorld['send'] = (method, path, body, type) =>
    fetch(new URL(path, `http://${registry.host}/v2/`), {
      method,
      headers: { authorization: `Basic ${basic}`, ...(type !== undefined && { 'content-type': type }) },
      ...(body && { body: new Uint8Array(body) }),
    });
  return {
    host: registry.host,
    directory,
    dataDirectory,
    env,
    anonymous,
    get,
    send,
    run: (...args) => drydock(args, { dataDirectory, env }),
    async copy(from, to, ...options) {
      const tls = ['--src-tls-verify=false', '--dest-tls-verify=false'];
      await mustRun('skopeo', ['copy', '--quiet', '--authfile', authFile, ...tls, ...options, from, to]);
    },
    async manifest(repository, reference) {
      const response = await get(`${repository}/manifests/${reference}`);
      if (response.status !== 200) throw new Error(`${repository}:${reference} answers ${response.status}`);
      const bytes = Buffer.from(await response.arrayBuffer());
      const mediaType = response.headers.get('content-type') ?? '';
      return { digest: digestOf(bytes), mediaType, bytes, json: JSON.parse(bytes.toString()) };
    },
    async blob(repository, digest) {
      const bytes = Buffer.from(await (await get(`${repository}/blobs/${digest}`)).arrayBuffer());
      if (digestOf(bytes) !== digest) throw new Error(`${digest} of ${repository} is another blob`);
      return bytes;
    },
    async [Symbol.asyncDispose]() {
      await registry.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** `sha256:…` of bytes. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** A layout with Debian 11 as the main suite has it, that is, without any later fix, tagged `v1`. */
export async function debianLayout(directory: string): Promise<string> {
  const mirror = debianMirror();
  if (mirror === undefined) throw new Error('no Debian mirror');
  const layout = join(directory, 'bullseye');
  await ociLayout(layout, 'v1', [await debianRootfs(mirror, 'bullseye')]);
  return layout;
}

/** Rewrites the config of the only image of a layout as text, with manifest and index to match. */
export async function editConfig(layout: string, edit: (text: string) => string): Promise<void> {
  const blob = (digest: string): string => join(layout, 'blobs', digest.replace(':', '/'));
  const index = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8'));
  const manifest = JSON.parse(await readFile(blob(index.manifests[0].digest), 'utf8'));
  const store = async (text: string): Promise<{ digest: string; size: number }> => {
    const bytes = Buffer.from(text);
    await writeFile(blob(digestOf(bytes)), bytes);
    return { digest: digestOf(bytes), size: bytes.length };
  };
  Object.assign(manifest.config, await store(edit(await readFile(blob(manifest.config.digest), 'utf8'))));
  Object.assign(index.manifests[0], await store(JSON.stringify(manifest)));
  await writeFile(join(layout, 'index.json'), JSON.stringify(index));
}
