import { createHash, timingSafeEqual } from 'node:crypto';
import type { AccessControl, AccessKey } from '../../../access/index.ts';
import { invalid, missing, RpcError, refusal, throttled } from '../errors.ts';
import {
  acs3StringToSign,
  canonicalRequest,
  checkSignedHeaders,
  isAcs3,
  isContentHash,
  parseAuthorization,
  signAcs3,
} from './acs3.ts';
import { headerOf, isSignatureOne, type RpcRequest } from './request.ts';
import { signatureOneStringToSign, signOne } from './signature-one.ts';
import { checkTimestamp, timeWindowMs } from './timestamps.ts';

/** What both schemes say about a request, and how to verify it once the secret is known. */
interface Credentials {
  readonly accessKeyId: string;
  readonly timestamp: string;
  readonly nonce: string;
  /** Empty when none came along. */
  readonly securityToken: string;
  /** @throws RpcError `IncompleteSignature`, `SignatureDoesNotMatch`, `InvalidSignatureMethod` … */
  verify(secret: string): void;
}

/** Characters of a string to sign that go back to the caller at most. */
const maxEcho = 256 * 1024;

/**
 * Who sent a request, by either signature scheme, in the order of alibaba-protocol.md §6: key id present, time, key,
 * token, signature, nonce. A nonce counts as used only when the signature was right.
 * @throws RpcError
 */
export async function authenticate(request: RpcRequest, access: AccessControl, now: number): Promise<AccessKey> {
  const credentials = credentialsOf(request);
  checkTimestamp(credentials.timestamp, now);
  const subject = { accessKeyId: credentials.accessKeyId, address: request.address };
  const locked = await access.lockedFor(subject);
  if (locked > 0) throw throttled(locked);
  try {
    const key = await knownKey(credentials, access);
    checkToken(key, credentials.securityToken, now, access);
    credentials.verify(key.secret);
    await useNonce(credentials, access);
    await access.report(subject, true);
    return key;
  } catch (error) {
    // A repeated nonce proves the secret; it is no attempt to guess.
    if (error instanceof RpcError && !error.code.includes('Nonce')) await access.report(subject, false);
    throw error;
  }
}

async function knownKey(credentials: Credentials, access: AccessControl): Promise<AccessKey> {
  const key = await access.findKey(credentials.accessKeyId);
  if (key === undefined) throw refusal('InvalidAccessKeyId.NotFound');
  if (!key.active) throw refusal('InvalidAccessKeyId.Inactive');
  return key;
}

/** The token of a temporary key; a permanent key must come without one. */
function checkToken({ session }: AccessKey, token: string, now: number, access: AccessControl): void {
  if (session === null) {
    if (token !== '') throw refusal('InvalidSecurityToken.MismatchWithAccessKey');
    return;
  }
  if (token === '') throw refusal('MissingSecurityToken');
  if (access.readSessionToken(token) === undefined) throw refusal('InvalidSecurityToken.Malformed');
  if (!equal(token, session.token)) throw refusal('InvalidSecurityToken.MismatchWithAccessKey');
  if (session.expiresAt <= now) throw refusal('InvalidSecurityToken.Expired');
}

async function useNonce({ accessKeyId, nonce }: Credentials, access: AccessControl): Promise<void> {
  if (nonce === '') throw missing('SignatureNonce');
  if (!/^[\x20-\x7e]{1,128}$/.test(nonce)) throw invalid('SignatureNonce');
  if (!(await access.useNonce(accessKeyId, nonce, 2 * timeWindowMs))) throw refusal('SignatureNonceUsed');
}

function credentialsOf(request: RpcRequest): Credentials {
  const authorization = headerOf(request, 'authorization');
  if (isAcs3(authorization)) return acs3Credentials(request, authorization);
  if (isSignatureOne(request)) return signatureOneCredentials(request);
  throw refusal('MissingAccessKeyId');
}

function acs3Credentials(request: RpcRequest, authorization: string): Credentials {
  const { accessKeyId, signedHeaders, signature } = parseAuthorization(authorization);
  return {
    accessKeyId,
    timestamp: headerOf(request, 'x-acs-date'),
    nonce: headerOf(request, 'x-acs-signature-nonce'),
    securityToken: headerOf(request, 'x-acs-security-token'),
    verify: (secret) => {
      const named = headerOf(request, 'x-acs-accesskey-id');
      if (named !== '' && named !== accessKeyId) throw refusal('InvalidSecurityToken.MismatchWithAccessKey');
      checkSignedHeaders(signedHeaders, request.headers);
      const canonical = canonicalRequest(
        { method: request.method, query: request.parameters.query, headers: request.headers, body: request.body },
        signedHeaders,
      );
      const stringToSign = acs3StringToSign(canonical);
      const right =
        equal(signature, signAcs3(secret, stringToSign)) &&
        isContentHash(headerOf(request, 'x-acs-content-sha256'), request.body);
      if (!right) {
        throw mismatch(
          `Specified signature does not match our calculation. server StringToSign is [${stringToSign}] ` +
            `server CanonicalRequest is [${canonical.slice(0, maxEcho)}]`,
        );
      }
    },
  };
}

function signatureOneCredentials(request: RpcRequest): Credentials {
  const { all } = request.parameters;
  const parameter = (name: string): string => all.get(name) ?? '';
  if (parameter('AccessKeyId') === '') throw refusal('MissingAccessKeyId');
  if (parameter('Timestamp') === '') throw missing('Timestamp');
  return {
    accessKeyId: parameter('AccessKeyId'),
    timestamp: parameter('Timestamp'),
    nonce: parameter('SignatureNonce'),
    securityToken: parameter('SecurityToken'),
    verify: (secret) => {
      if (parameter('SignatureMethod') === '') throw missing('SignatureMethod');
      if (parameter('SignatureMethod') !== 'HMAC-SHA1') throw refusal('InvalidSignatureMethod');
      if (parameter('SignatureVersion') === '') throw missing('SignatureVersion');
      if (parameter('SignatureVersion') !== '1.0') throw invalid('SignatureVersion');
      if (parameter('Signature') === '') throw refusal('IncompleteSignature');
      const stringToSign = signatureOneStringToSign(request.method, all);
      if (!equal(parameter('Signature'), signOne(secret, stringToSign))) {
        throw mismatch(
          'Specified signature is not matched with our calculation. ' +
            `server string to sign is:${stringToSign.slice(0, maxEcho)}`,
        );
      }
    },
  };
}

/** The message goes to the caller alone: it repeats the parameters. */
function mismatch(message: string): RpcError {
  return new RpcError(400, 'SignatureDoesNotMatch', message);
}

/** Compares in constant time; texts of another length differ. */
function equal(given: string, right: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(right));
}
