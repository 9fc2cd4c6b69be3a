const utf8 = new TextEncoder();

/** Whether this page may compute signatures: browsers offer it over https and on localhost only. */
export function canSign(): boolean {
  return globalThis.crypto?.subtle !== undefined;
}

function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** SHA-256 of a text in UTF-8, in hex. */
export async function sha256(text: string): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', utf8.encode(text)));
}

/** HMAC-SHA256 of a text under a secret, in hex. */
export async function hmacSha256(secret: string, text: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', utf8.encode(secret), algorithm, false, ['sign']);
  return hex(await crypto.subtle.sign('HMAC', key, utf8.encode(text)));
}

/** Percent-encoding of both dialects: everything but `A-Z a-z 0-9 - _ . ~`. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Names and values of a query or a form; a name may stand there more than once. */
export type Pairs = readonly (readonly [name: string, value: string])[];

/** Pairs by name, then by value, in code units. */
export function sorted(pairs: Pairs): Pairs {
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...pairs].sort((a, b) => order(a[0], b[0]) || order(a[1], b[1]));
}

/** Pairs as a query or form. */
export function joined(pairs: Pairs): string {
  return pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
}

/** A request with its signature, and everything the signature was made of. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** In the order of signing; `host` is among them although a browser sets it itself. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly canonicalRequest: string;
  readonly stringToSign: string;
  readonly signature: string;
}
