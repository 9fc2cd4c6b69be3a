import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** How far the time of a signature may be from ours. */
const signatureWindowMs = 15 * 60_000;

/**
 * Whether a notification carries the secret of its registry: as `Authorization` (`Bearer <secret>`, or the bare secret
 * as Harbor sends it), or as `X-Drydock-Signature: t=<unix seconds>,v1=<hex of HMAC-SHA256 over "<t>.<body>">`.
 * Takes the same time wherever the texts differ.
 */
export function isAuthentic(
  headers: Readonly<Record<string, string | undefined>>,
  body: Uint8Array,
  secret: string,
  now: number,
): boolean {
  const signature = headers['x-drydock-signature'];
  if (signature !== undefined) return isSigned(signature, body, secret, now);
  const given = (headers.authorization ?? '').replace(/^Bearer /i, '');
  return isSame(given, secret) && given !== '';
}

function isSigned(header: string, body: Uint8Array, secret: string, now: number): boolean {
  const parts = /^t=(\d{1,12}),\s?v1=([0-9a-f]{64})$/.exec(header);
  const time = parts?.[1] ?? '0';
  const expected = createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex');
  const isFresh = Math.abs(Number(time) * 1000 - now) <= signatureWindowMs;
  return isSame(parts?.[2] ?? '', expected) && isFresh;
}

/** Of hashes, because their lengths are equal. */
function isSame(left: string, right: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(left), hash(right));
}
