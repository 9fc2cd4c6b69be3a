import { createHash, createHmac } from 'node:crypto';
import { refusal } from '../errors.ts';
import { canonicalQuery } from './encoding.ts';
import type { RawParameters } from './parameters.ts';

/** Name of the current signature scheme. */
export const acs3 = 'ACS3-HMAC-SHA256';

/** What the `Authorization` header says. */
export interface Acs3Authorization {
  readonly accessKeyId: string;
  /** Lower-case names in the order given. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** What the signature covers. Header values by lower-case name, every occurrence. */
export interface Acs3Request {
  readonly method: string;
  readonly query: RawParameters;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Uint8Array;
}

/** Whether a request is signed by this scheme. */
export function isAcs3(authorization: string | undefined): authorization is string {
  return authorization?.startsWith(acs3) ?? false;
}

/**
 * Reads `ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…,Signature=…`; one blank behind a comma is tolerated.
 * @throws RpcError `IncompleteSignature`
 */
export function parseAuthorization(header: string): Acs3Authorization {
  const fields = new Map<string, string>();
  for (const part of header.slice(acs3.length).trimStart().split(',')) {
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(equals, 0)).replace(/^ /, '');
    if (fields.has(name)) throw refusal('IncompleteSignature');
    fields.set(name, part.slice(equals + 1));
  }
  const accessKeyId = fields.get('Credential') ?? '';
  const signature = fields.get('Signature') ?? '';
  const signedHeaders = (fields.get('SignedHeaders') ?? '').split(';');
  const wellFormed =
    fields.size === 3 &&
    /^[\x21-\x7e]{1,128}$/.test(accessKeyId) &&
    /^[0-9a-f]{1,128}$/.test(signature) &&
    signedHeaders.length <= 100 &&
    signedHeaders.every((name) => /^[a-z0-9-]{1,100}$/.test(name)) &&
    new Set(signedHeaders).size === signedHeaders.length;
  if (!wellFormed) throw refusal('IncompleteSignature');
  return { accessKeyId, signedHeaders, signature };
}

const required = [
  'host',
  'x-acs-action',
  'x-acs-version',
  'x-acs-date',
  'x-acs-content-sha256',
  'x-acs-signature-nonce',
] as const;

/**
 * Whether the list of signed headers covers all that decides what the request does, and none of them stands there twice.
 * @throws RpcError `IncompleteSignature`
 */
export function checkSignedHeaders(signedHeaders: readonly string[], headers: Acs3Request['headers']): void {
  const sent = [...headers.keys()].filter((name) => name.startsWith('x-acs-') || name === 'content-type');
  for (const name of [...required, ...sent]) {
    if (!signedHeaders.includes(name)) throw refusal('IncompleteSignature');
  }
  for (const name of signedHeaders) {
    if ((headers.get(name) ?? []).length > 1) throw refusal('IncompleteSignature');
  }
}

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** The canonical form of a request; the query is decoded and encoded anew, since clients do not encode canonically. */
export function canonicalRequest(request: Acs3Request, signedHeaders: readonly string[]): string {
  const headers = signedHeaders.map((name) => `${name}:${(request.headers.get(name)?.[0] ?? '').trim()}\n`).join('');
  return [
    request.method,
    '/',
    canonicalQuery(request.query),
    headers,
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
}

/** String to sign of a canonical request. */
export function acs3StringToSign(canonical: string): string {
  return `${acs3}\n${sha256(canonical)}`;
}

/** Signature in hex. */
export function signAcs3(secret: string, stringToSign: string): string {
  return createHmac('sha256', secret).update(stringToSign).digest('hex');
}

/** Whether `x-acs-content-sha256` is the hash of the body that arrived. */
export function isContentHash(header: string | undefined, body: Uint8Array): boolean {
  return header === sha256(body);
}
