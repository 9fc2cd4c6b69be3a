import { isJsonObject, type JsonObject, type JsonValue, messageOf, parseJson } from '../../../kernel/index.ts';
import { RegistryError } from '../errors.ts';
import type { Credentials } from './credentials.ts';

/** A parsed `config.json` of Docker or `auth.json` of Podman (containers-auth.json(5)). */
export interface AuthFile {
  /** Where it was read from, for messages. */
  readonly path: string;
  readonly auths: ReadonlyMap<string, Credentials>;
  /** Name of the helper program for single registries. */
  readonly credHelpers: ReadonlyMap<string, string>;
  /** Name of the helper program for all others. */
  readonly credsStore: string | undefined;
}

const limits = { maxBytes: 4 * 1024 * 1024, maxDepth: 20 };
/** Keys under which Docker keeps the credentials of Docker Hub. */
const hubKeys = ['https://index.docker.io/v1/', 'docker.io', 'index.docker.io', 'registry-1.docker.io'];

/** @throws RegistryError `invalid_credentials` naming the file, never its content */
export function parseAuthFile(bytes: Uint8Array, path: string): AuthFile {
  let value: JsonValue;
  try {
    value = parseJson(bytes, limits);
  } catch (cause) {
    throw new RegistryError('invalid_credentials', `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
  if (!isJsonObject(value)) throw new RegistryError('invalid_credentials', `${path} is not a JSON object`);
  const auths = new Map<string, Credentials>();
  for (const [key, entry] of entriesOf(value.auths)) {
    const credentials = isJsonObject(entry) ? readEntry(entry) : undefined;
    if (credentials) auths.set(normaliseKey(key), credentials);
  }
  const credHelpers = new Map<string, string>();
  for (const [key, helper] of entriesOf(value.credHelpers)) {
    if (typeof helper === 'string') credHelpers.set(normaliseKey(key), helper);
  }
  const store = value.credsStore;
  return { path, auths, credHelpers, credsStore: typeof store === 'string' && store !== '' ? store : undefined };
}

/**
 * Keys that may hold the credentials of a repository, most exact first: `host/a/b`, `host/a`, `host`. The host is
 * compared whole with its port, so that no look-alike ever matches.
 */
export function keysFor(registry: string, repository: string | undefined): readonly string[] {
  const keys: string[] = [];
  const parts = repository === undefined ? [] : repository.split('/');
  for (let length = parts.length; length > 0; length--) keys.push(`${registry}/${parts.slice(0, length).join('/')}`);
  keys.push(registry);
  return registry === 'docker.io' ? [...keys, ...hubKeys.map(normaliseKey)] : keys;
}

/** Docker writes some keys as URLs, with a path that only names the API version. */
function normaliseKey(key: string): string {
  const bare = key.replace(/^https?:\/\//, '');
  return bare.replace(/\/(v1|v2)?\/?$/, '');
}

function entriesOf(value: JsonValue | undefined): readonly (readonly [string, JsonValue | undefined])[] {
  return value !== undefined && isJsonObject(value) ? Object.entries(value) : [];
}

function readEntry(entry: JsonObject): Credentials | undefined {
  const identity = text(entry.identitytoken);
  if (identity !== undefined) return { kind: 'identity', token: identity };
  const bearer = text(entry.registrytoken);
  if (bearer !== undefined) return { kind: 'bearer', token: bearer };
  const encoded = text(entry.auth);
  if (encoded !== undefined) {
    const decoded = Buffer.from(encoded, 'base64').toString('utf8').replace(/\0+$/, '');
    const colon = decoded.indexOf(':');
    if (colon > 0) return basic(decoded.slice(0, colon), decoded.slice(colon + 1));
  }
  const username = text(entry.username);
  const password = text(entry.password);
  return username === undefined || password === undefined ? undefined : basic(username, password);
}

/** Azure and others store an identity token under a user name of zeros. */
export function basic(username: string, password: string): Credentials {
  if (username === '<token>') return { kind: 'identity', token: password };
  return { kind: 'basic', username, password };
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
