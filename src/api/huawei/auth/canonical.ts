import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { compareText } from '../../../kernel/index.ts';

/** What a signature covers, as it came over the wire. */
export interface SignedRequest {
  readonly method: string;
  /** Path as sent, still encoded, without the query. */
  readonly path: string;
  /** Query as sent, still encoded, without `?`. */
  readonly query: string;
  /** Names of the signed headers in the client's order, lower case. */
  readonly signedHeaders: readonly string[];
  /** Value of a header as Node gives it (one character a byte); undefined = not sent. */
  header(name: string): string | undefined;
  /** Hex, or what the client put in its place. */
  readonly payloadHash: string;
}

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** Hex of the SHA-256 of a body. */
export function payloadHashOf(body: Uint8Array): string {
  return sha256(body);
}

/** Percent-encodes everything but A-Z a-z 0-9 - _ . ~, byte by byte. */
export function encodePart(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Decodes percent escapes. @throws URIError for broken ones */
export function decodePart(text: string): string {
  return decodeURIComponent(text);
}

/** Each segment decoded and encoded again, with a slash at the end. */
export function canonicalPath(path: string): string {
  const encoded = path
    .split('/')
    .map((segment) => encodePart(decodePart(segment)))
    .join('/');
  return encoded.endsWith('/') ? encoded : `${encoded}/`;
}

/** Pairs by name, then value. `plusIsBlank`: some clients send blanks as `+`, as HTML forms do. */
export function canonicalQuery(query: string, plusIsBlank: boolean): string {
  if (query === '') return '';
  const decode = (text: string): string => decodePart(plusIsBlank ? text.replaceAll('+', ' ') : text);
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const cut = pair.indexOf('=');
      return cut < 0 ? [decode(pair), ''] : [decode(pair.slice(0, cut)), decode(pair.slice(cut + 1))];
    });
  const encoded = pairs.map(([name = '', value = '']) => [encodePart(name), encodePart(value)] as const);
  encoded.sort(([a, x], [b, y]) => compareText(a, b) || compareText(x, y));
  return encoded.map(([name, value]) => `${name}=${value}`).join('&');
}

/** The text whose hash is signed (huawei.md §5). Undefined when a signed header is missing. */
export function canonicalRequest(
  request: SignedRequest,
  variant: { readonly doubleSlash?: boolean; readonly plusIsBlank?: boolean } = {},
): string | undefined {
  const lines: string[] = [];
  for (const name of request.signedHeaders) {
    const value = request.header(name);
    if (value === undefined) return undefined;
    lines.push(`${name}:${value.trim()}\n`);
  }
  return [
    request.method,
    canonicalPath(variant.doubleSlash === true ? `/${request.path}` : request.path),
    canonicalQuery(request.query, variant.plusIsBlank ?? true),
    lines.join(''),
    request.signedHeaders.join(';'),
    request.payloadHash,
  ].join('\n');
}

/** Hex of the hash of a canonical request; header values count as the bytes that were sent. */
export function requestHash(canonical: string): string {
  return sha256(Buffer.from(canonical, 'latin1'));
}

/** Signature of `SDK-HMAC-SHA256`. */
export function sdkSignature(secret: string, date: string, canonical: string): string {
  return hmac(secret, `SDK-HMAC-SHA256\n${date}\n${requestHash(canonical)}`);
}

/** Signature of `V11-HMAC-SHA256`: the key is derived for one day, region and service. */
export function v11Signature(
  key: { readonly id: string; readonly secret: string; readonly scope: string },
  date: string,
  canonical: string,
): string {
  const derived = Buffer.from(hkdfSync('sha256', key.secret, key.id, key.scope, 32)).toString('hex');
  return hmac(derived, `V11-HMAC-SHA256\n${date}\n${key.scope}\n${requestHash(canonical)}`);
}

/** Compares texts of attackers with secrets in constant time. */
export function sameText(a: string, b: string): boolean {
  const left = createHash('sha256').update(a).digest();
  return timingSafeEqual(left, createHash('sha256').update(b).digest());
}

function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}
