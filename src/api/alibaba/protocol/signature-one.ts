import { createHmac } from 'node:crypto';
import { canonicalQuery, percentEncode } from './encoding.ts';
import type { RawParameters } from './parameters.ts';

/** String to sign of signature 1.0: all parameters of query and form except the signature, values encoded twice. */
export function signatureOneStringToSign(method: string, parameters: RawParameters): string {
  const signed = [...parameters].filter(([name]) => name !== 'Signature');
  return `${method}&%2F&${percentEncode(canonicalQuery(signed))}`;
}

/** Signature 1.0 in base64; the key is the secret with `&` behind it. */
export function signOne(secret: string, stringToSign: string): string {
  return createHmac('sha1', `${secret}&`).update(stringToSign).digest('base64');
}
