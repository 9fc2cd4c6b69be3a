import type { AccessControl, AccessKey, Principal } from '../../../access/index.ts';
import type { Clock } from '../../../kernel/index.ts';
import { unauthenticated, unauthorized } from '../errors.ts';
import { type Authorization, parseAuthorization, parseSdkDate } from './authorization.ts';
import {
  canonicalRequest,
  payloadHashOf,
  type SignedRequest,
  sameText,
  sdkSignature,
  v11Signature,
} from './canonical.ts';

/** A request before anybody knows who sent it. Header values are as Node gives them. */
export interface IncomingCall {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Names and values alternating, as received. */
  readonly rawHeaders: readonly string[];
  readonly body: Uint8Array;
  readonly address: string;
  /** `project_id` of the path; null outside of `/v5`. */
  readonly projectId: string | null;
}

/** Who sent a request. */
export interface Caller {
  readonly principal: Principal;
  readonly accessKeyId: string | null;
  /** Signature, for the replay guard; null for tokens. */
  readonly signature: string | null;
  /** False when the signature does not cover the body: it must not be used then. */
  readonly bodySigned: boolean;
}

/** How far `X-Sdk-Date` may be from our time, in ms. */
const dateWindow = 15 * 60_000;
const unsigned = 'UNSIGNED-PAYLOAD';

/**
 * Finds out who sent a request: a known signature scheme first, else a token (huawei.md §5, §6).
 * @throws HuaweiRefusal 401 or 403 of the gateway
 */
export async function authenticate(call: IncomingCall, access: AccessControl, clock: Clock): Promise<Caller> {
  const header = single(call, 'authorization');
  const authorization = header === undefined ? null : parseAuthorization(header);
  if (authorization === 'malformed') throw unauthenticated('verify aksk signature fail, Authorization is malformed');
  if (authorization !== null) return byAccessKey(call, authorization, access, clock);
  const token = single(call, 'x-auth-token');
  if (token === undefined || token === '') throw unauthenticated('x-auth-token not found');
  return byToken(token, call, access);
}

async function byToken(token: string, call: IncomingCall, access: AccessControl): Promise<Caller> {
  const found = token.length > 32_768 ? undefined : await access.byToken(token);
  if (found === undefined) throw unauthenticated('decrypt token fail');
  if ('expiredAt' in found) {
    throw unauthenticated(`token expires, expires_at: ${new Date(found.expiredAt).toISOString()}`);
  }
  if (found.projectExtId !== null && call.projectId !== null && found.projectExtId !== call.projectId) {
    throw unauthorized();
  }
  return { principal: found.principal, accessKeyId: null, signature: null, bodySigned: true };
}

async function byAccessKey(
  call: IncomingCall,
  authorization: Authorization,
  access: AccessControl,
  clock: Clock,
): Promise<Caller> {
  const subject = { accessKeyId: authorization.accessKeyId, address: call.address };
  if ((await access.lockedFor(subject)) > 0) {
    throw unauthenticated('AK access failed to reach the limit,forbidden');
  }
  const date = signedDate(call, authorization, clock);
  const key = await access.findKey(authorization.accessKeyId);
  if (key === undefined || !key.active) {
    await access.report(subject, false);
    throw unauthenticated('Get secretKey failed');
  }
  const payload = payloadHash(call, authorization);
  const canonical = matchingRequest(call, authorization, { key, date, payload });
  if (canonical !== null) {
    await access.report(subject, false);
    throw unauthenticated(`verify aksk signature fail, canonicalRequest:${canonical.replaceAll('\n', '|')}`);
  }
  checkSession(call, key, clock);
  await access.report(subject, true);
  return {
    principal: key.principal,
    accessKeyId: key.id,
    signature: authorization.signature,
    bodySigned: payload !== unsigned,
  };
}

/** The signed time, checked. It decides whether a signature is alive, so it must be signed itself. */
function signedDate(call: IncomingCall, authorization: Authorization, clock: Clock): string {
  const text = single(call, 'x-sdk-date');
  if (!authorization.signedHeaders.includes('x-sdk-date') || text === undefined) {
    throw unauthenticated('verify aksk signature fail, x-sdk-date is not signed');
  }
  const time = parseSdkDate(text);
  if (!(Math.abs(clock.now().getTime() - time) <= dateWindow)) {
    throw unauthenticated('verify aksk signature fail, x-sdk-date is expired or not valid');
  }
  if (authorization.scheme === 'V11-HMAC-SHA256' && !authorization.scope.startsWith(`${text.slice(0, 8)}/`)) {
    throw unauthenticated('verify aksk signature fail, the scope is of another day');
  }
  return text;
}

/** What stands for the body in the signature. A hash that the client sends counts only if it is that of the body. */
function payloadHash(call: IncomingCall, authorization: Authorization): string {
  const own = payloadHashOf(call.body);
  const sent = single(call, 'x-sdk-content-sha256');
  if (sent === undefined || sent.toLowerCase() === own) return sent ?? own;
  const isJson = /^application\/([a-z0-9.-]+\+)?json\b/i.test(single(call, 'content-type') ?? '');
  if (sent === unsigned && !isJson && authorization.signedHeaders.includes('x-sdk-content-sha256')) return unsigned;
  return own;
}

/**
 * Null when the signature fits; else the canonical request, which the vendor's answer shows. Tried besides the plain
 * reading: a doubled slash at the beginning (the Node SDK with an endpoint that ends in one), `+` as itself, and an empty
 * body where a body has no meaning.
 */
function matchingRequest(
  call: IncomingCall,
  authorization: Authorization,
  material: { readonly key: AccessKey; readonly date: string; readonly payload: string },
): string | null {
  const request: SignedRequest = {
    method: call.method,
    path: call.path,
    query: call.query,
    signedHeaders: authorization.signedHeaders,
    header: (name) => single(call, name),
    payloadHash: material.payload,
  };
  const requests = [request];
  if (call.method === 'GET' && call.body.length > 0) {
    requests.push({ ...request, payloadHash: payloadHashOf(new Uint8Array()) });
  }
  const first = canonical(request, {});
  if (first === undefined) return 'a signed header is missing or sent twice';
  for (const candidate of requests) {
    for (const doubleSlash of [false, true]) {
      for (const plusIsBlank of call.query.includes('+') ? [true, false] : [true]) {
        const text = canonical(candidate, { doubleSlash, plusIsBlank }) ?? '';
        if (sameText(signatureOf(authorization, material, text), authorization.signature)) return null;
      }
    }
  }
  return first;
}

function canonical(request: SignedRequest, variant: Parameters<typeof canonicalRequest>[1]): string | undefined {
  try {
    return canonicalRequest(request, variant);
  } catch {
    throw unauthenticated('verify aksk signature fail, the path or the query is not validly encoded');
  }
}

function signatureOf(
  authorization: Authorization,
  { key, date }: { readonly key: AccessKey; readonly date: string },
  text: string,
): string {
  if (authorization.scheme === 'SDK-HMAC-SHA256') return sdkSignature(key.secret, date, text);
  return v11Signature({ id: key.id, secret: key.secret, scope: authorization.scope }, date, text);
}

/** Temporary keys work only together with their token, permanent ones only without one. */
function checkSession(call: IncomingCall, key: AccessKey, clock: Clock): void {
  const token = single(call, 'x-security-token');
  if (key.session === null) {
    if (token === undefined || token === '') return;
    throw unauthenticated('decrypt token fail');
  }
  if (token === undefined || !sameText(token, key.session.token)) throw unauthenticated('decrypt token fail');
  if (key.session.expiresAt <= clock.now().getTime()) {
    throw unauthenticated(`token expires, expires_at: ${new Date(key.session.expiresAt).toISOString()}`);
  }
}

/** A header that was sent once; sent twice it is like one that is missing. */
function single(call: IncomingCall, name: string): string | undefined {
  let count = 0;
  for (let index = 0; index < call.rawHeaders.length; index += 2) {
    if (call.rawHeaders[index]?.toLowerCase() === name) count++;
  }
  const value = call.headers[name];
  return count <= 1 && typeof value === 'string' ? value : undefined;
}
