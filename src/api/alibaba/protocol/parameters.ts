import { unreadable } from '../errors.ts';

/** Parameters by name, decoded. An empty value is an empty text. */
export type RawParameters = ReadonlyMap<string, string>;

/** Where parameters stood: the signature of the current scheme covers the query by name and the form as bytes. */
export interface RequestParameters {
  readonly query: RawParameters;
  readonly form: RawParameters;
  /** Query and form together. */
  readonly all: RawParameters;
}

/** Parameters that one request may have; longer lists than any operation takes are hostile. */
export const maxParameters = 10_000;

/** Bytes of a request body. */
export const maxBodyBytes = 2 * 1024 * 1024;

/**
 * Decodes the query (text behind `?` as Node hands it over) and, for `application/x-www-form-urlencoded`, the body.
 * @throws RpcError `InvalidParameter`: a name twice, impossible names, broken percent-encoding, text that is not UTF-8
 */
export function decodeParameters(query: string, body: Uint8Array, contentType: string | undefined): RequestParameters {
  const isForm = /^\s*application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType ?? '');
  const all = new Map<string, string>();
  return {
    query: decodePairs(utf8(Buffer.from(query, 'latin1'), 'query'), all),
    form: decodePairs(isForm ? utf8(body, 'body') : '', all),
    all,
  };
}

function utf8(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw unreadable(where);
  }
}

function decodePairs(text: string, all: Map<string, string>): RawParameters {
  const own = new Map<string, string>();
  for (let start = 0; start < text.length; ) {
    const ampersand = text.indexOf('&', start);
    const end = ampersand < 0 ? text.length : ampersand;
    const pair = text.slice(start, end);
    start = end + 1;
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals), 'name');
    if (!/^[A-Za-z0-9.]{1,128}$/.test(name)) throw unreadable('name');
    if (all.has(name)) throw unreadable(name);
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1), name);
    if (all.size >= maxParameters) throw unreadable('count');
    own.set(name, value);
    all.set(name, value);
  }
  return own;
}

function decode(text: string, name: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw unreadable(name);
  }
}
