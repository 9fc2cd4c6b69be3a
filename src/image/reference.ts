import { isIP } from 'node:net';
import { CodedError } from '../kernel/index.ts';
import { type Digest, isDigest } from './digest.ts';

/** A text that names no image; the hint shows the accepted forms. */
export class ImageReferenceError extends CodedError<'invalid_reference'> {}

/** What a user may name: an image in a registry, an OCI layout directory, an archive file, a root directory. */
export type ImageReference =
  | {
      readonly scheme: 'registry';
      /** `host[:port]`; `docker.io` for Docker Hub. */
      readonly registry: string;
      readonly repository: string;
      /** `latest` when neither tag nor digest was written. */
      readonly tag?: string;
      readonly digest?: Digest;
    }
  | { readonly scheme: 'oci'; readonly directory: string; readonly tag?: string }
  | { readonly scheme: 'archive'; readonly file: string; readonly image?: string }
  | { readonly scheme: 'dir'; readonly directory: string };

const forms = 'Use registry/repository[:tag][@digest], oci:DIRECTORY[:TAG], archive:FILE or dir:DIRECTORY.';
const maxLength = 4096;
const hub = 'docker.io';

/** Whether a text is a tag (distribution-spec). */
export function validTag(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(text);
}

/**
 * Parses what a user typed. Names without a registry mean Docker Hub, single words its `library/`.
 * @throws ImageReferenceError `invalid_reference`
 */
export function parseReference(text: string): ImageReference {
  if (text.length === 0 || text.length > maxLength || /[\x00-\x1f\x7f]/.test(text)) {
    throw invalid(text, 'empty, too long, or with control characters');
  }
  const rest = (prefix: string): string | undefined =>
    text.startsWith(prefix) ? text.slice(prefix.length) : undefined;
  const layout = rest('oci:');
  if (layout !== undefined) return parseLayout(text, layout);
  const archive = rest('archive:');
  if (archive !== undefined) return parseArchive(text, archive);
  const directory = rest('dir:');
  if (directory !== undefined) {
    if (directory === '') throw invalid(text, 'no directory given');
    return { scheme: 'dir', directory };
  }
  return parseRegistry(text, rest('registry:') ?? rest('docker://') ?? text);
}

/** The reference as text; parsing it again gives the same reference. */
export function formatReference(reference: ImageReference): string {
  switch (reference.scheme) {
    case 'registry': {
      const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
      const digest = reference.digest === undefined ? '' : `@${reference.digest}`;
      return `${reference.registry}/${reference.repository}${tag}${digest}`;
    }
    case 'oci':
      return `oci:${reference.directory}${reference.tag === undefined ? '' : `:${reference.tag}`}`;
    case 'archive':
      return `archive:${reference.file}${reference.image === undefined ? '' : `#${reference.image}`}`;
    case 'dir':
      return `dir:${reference.directory}`;
  }
}

function invalid(text: string, why: string): ImageReferenceError {
  return new ImageReferenceError('invalid_reference', `${JSON.stringify(text.slice(0, 200))} names no image: ${why}`, {
    hint: forms,
  });
}

/** The part behind the last colon is a tag when it looks like one; directories with colons need `:TAG` or no colon. */
function parseLayout(text: string, rest: string): ImageReference {
  const colon = rest.lastIndexOf(':');
  const tag = rest.slice(colon + 1);
  const tagged = colon >= 0 && !tag.includes('/');
  const directory = tagged ? rest.slice(0, colon) : rest;
  if (directory === '') throw invalid(text, 'no directory given');
  if (tagged && !validTag(tag)) throw invalid(text, `${JSON.stringify(tag)} is not a tag`);
  return { scheme: 'oci', directory, ...(tagged ? { tag } : {}) };
}

/** `archive:FILE#NAME` chooses one of several images of an archive by its tag or index. */
function parseArchive(text: string, rest: string): ImageReference {
  const hash = rest.lastIndexOf('#');
  const file = hash < 0 ? rest : rest.slice(0, hash);
  const image = hash < 0 ? '' : rest.slice(hash + 1);
  if (file === '') throw invalid(text, 'no file given');
  return { scheme: 'archive', file, ...(image === '' ? {} : { image }) };
}

function parseRegistry(text: string, rest: string): ImageReference {
  const at = rest.indexOf('@');
  const digest = at < 0 ? undefined : rest.slice(at + 1);
  if (digest !== undefined && !isDigest(digest))
    throw invalid(text, 'the part behind @ is not a sha256 or sha512 digest');
  const named = at < 0 ? rest : rest.slice(0, at);
  const slash = named.indexOf('/');
  const first = named.slice(0, Math.max(0, slash));
  // Docker's rule: the first part is a host when it could not be a repository of Docker Hub.
  const hasHost = slash > 0 && (/[.:]/.test(first) || first === 'localhost');
  const host = hasHost ? first.toLowerCase() : hub;
  const path = hasHost ? named.slice(slash + 1) : named;
  const colon = path.lastIndexOf(':');
  const tag = colon > path.lastIndexOf('/') ? path.slice(colon + 1) : undefined;
  const repository = tag === undefined ? path : path.slice(0, colon);
  if (tag !== undefined && !validTag(tag)) throw invalid(text, `${JSON.stringify(tag.slice(0, 200))} is not a tag`);
  const isHub = host === hub || host === 'index.docker.io' || host === 'registry-1.docker.io';
  const registry = isHub ? hub : validHost(text, host);
  const full = isHub && !repository.includes('/') ? `library/${repository}` : repository;
  if (!validRepository(full))
    throw invalid(text, `${JSON.stringify(repository.slice(0, 200))} is not a repository name`);
  return {
    scheme: 'registry',
    registry,
    repository: full,
    ...(tag !== undefined ? { tag } : digest === undefined ? { tag: 'latest' } : {}),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** A host name, IPv4 address or bracketed IPv6 address with an optional port, in the one spelling that URLs keep. */
function validHost(text: string, host: string): string {
  const refuse = (): ImageReferenceError => invalid(text, `${JSON.stringify(host)} is not a host[:port]`);
  const parts = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?::([0-9]{1,5}))?$/.exec(host);
  if (!parts) throw refuse();
  const [, name = '', port] = parts;
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535 || port.startsWith('0'))) throw refuse();
  // `0x7f.1`, `127.1` and the like mean an address in disguise: URL parsing rewrites them.
  if (!URL.canParse(`http://${name}/`) || new URL(`http://${name}/`).hostname !== name) throw refuse();
  const labels = isIP(name) === 0 && !name.startsWith('[') ? name.split('.') : [];
  if (labels.some((label) => label === '' || label.length > 63 || label.startsWith('-') || label.endsWith('-')))
    throw refuse();
  return host;
}

/** Path components of lower-case letters and digits, separated inside by `.`, `_`, `__` or dashes (distribution-spec). */
export function validRepository(path: string): boolean {
  if (path.length === 0 || path.length > 255) return false;
  return path.split('/').every((part) => {
    if (!/^[a-z0-9][a-z0-9._-]*$/.test(part) || !/[a-z0-9]$/.test(part)) return false;
    return !/\.\.|___|\._|_\.|-[._]|[._]-/.test(part);
  });
}
