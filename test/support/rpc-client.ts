import { createHmac, randomUUID } from 'node:crypto';
import type { NativeAnswer } from './service.ts';

/** A key of the service, as a client holds it. */
export interface RpcKey {
  readonly id: string;
  readonly secret: string;
}

/** The signed query of an Alibaba request (signature 1.0, GET), written from the vendor's description; `over` replaces. */
export function rpcQuery(key: RpcKey, action: string, over: Readonly<Record<string, string>> = {}): string {
  const parameters: Record<string, string> = {
    ...{ Action: action, Version: '2018-12-03', Format: 'JSON', AccessKeyId: key.id },
    ...{ SignatureMethod: 'HMAC-SHA1', SignatureVersion: '1.0', SignatureNonce: randomUUID() },
    ...{ Timestamp: new Date().toISOString().replace(/\.\d+/, ''), ...over },
  };
  const query = Object.keys(parameters)
    .sort()
    .map((name) => `${encode(name)}=${encode(parameters[name] ?? '')}`)
    .join('&');
  const signature = createHmac('sha1', `${key.secret}&`)
    .update(`GET&%2F&${encode(query)}`)
    .digest('base64');
  return `${query}&Signature=${encode(signature)}`;
}

/** Sends a query as it is. */
export async function rpcGet(host: string, query: string): Promise<NativeAnswer> {
  const response = await fetch(`http://${host}/?${query}`);
  return { status: response.status, body: await response.json() };
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
