import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { AccessControl, Actor, Principal } from '../../access/index.ts';
import type { Call } from '../../service/index.ts';
import type { Caller } from './contract.ts';
import { NativeError } from './errors.ts';

/** Name of the cookie of a browser's session. */
export const sessionCookie = 'drydock_session';

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether two secrets are equal; takes the same time whatever they hold. */
function same(left: string, right: string): boolean {
  return timingSafeEqual(hash(left), hash(right));
}

/** The text that a browser must repeat in `x-csrf-token`: only who can read answers of this server knows it. */
export function csrfToken(token: string): string {
  return createHash('sha256').update('csrf\0').update(token).digest('base64url');
}

function cookieToken(request: FastifyRequest): string | undefined {
  const cookies = (request.headers.cookie ?? '').slice(0, 16_384).split(/; */);
  const own = cookies.find((cookie) => cookie.startsWith(`${sessionCookie}=`));
  return own?.slice(sessionCookie.length + 1);
}

const maxToken = 40_000;

async function byToken(access: AccessControl, token: string, via: 'cookie' | 'bearer'): Promise<Caller> {
  const known = token.length === 0 || token.length > maxToken ? undefined : await access.byToken(token);
  if (known === undefined) throw new NativeError('unauthenticated', 'The token is not valid');
  if ('expiredAt' in known)
    throw new NativeError('unauthenticated', 'The token has expired', { hint: 'Sign in again.' });
  return { principal: known.principal, via, token, expiresAt: known.expiresAt };
}

/** An access key as user name and password of HTTP basic authentication: for scripts that cannot sign. */
async function byAccessKey(access: AccessControl, credentials: string, address: string): Promise<Caller> {
  const text = Buffer.from(credentials.slice(0, 1000), 'base64').toString('utf8');
  const accessKeyId = text.split(':', 1)[0] ?? '';
  const subject = { accessKeyId, address };
  const lockedMs = await access.lockedFor(subject);
  if (lockedMs > 0) throw new NativeError('locked', 'Too many failed attempts', { retryAfterMs: lockedMs });
  const key = await access.findKey(accessKeyId);
  // Unknown keys are compared with something as well, so that time tells nothing.
  const right = same(text.slice(accessKeyId.length + 1), key?.secret ?? 'unknown');
  const usable = key?.active === true && key.session === null && right;
  await access.report(subject, usable);
  if (!usable) throw new NativeError('unauthenticated', 'The access key is not valid');
  return { principal: key.principal, via: 'access-key', token: null, expiresAt: null };
}

/** Who sends a request. @throws NativeError `unauthenticated`, `locked` */
export async function authenticate(access: AccessControl, request: FastifyRequest): Promise<Caller> {
  const [, scheme = '', value = ''] = /^(\w+) +(\S+) *$/.exec(request.headers.authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return byToken(access, value, 'bearer');
  if (scheme.toLowerCase() === 'basic') return byAccessKey(access, value, request.ip);
  if (request.headers.authorization !== undefined) {
    throw new NativeError('unauthenticated', 'This kind of authorization is not supported', {
      hint: 'Use "Bearer <token>", or "Basic" with an access key.',
    });
  }
  const cookie = cookieToken(request);
  if (cookie === undefined) throw new NativeError('unauthenticated', 'This needs authentication');
  return byToken(access, cookie, 'cookie');
}

/** Refuses changes that another site may have made a browser send. @throws NativeError `csrf_missing` */
export function checkOrigin(caller: Caller, request: FastifyRequest): void {
  if (caller.via !== 'cookie' || ['GET', 'HEAD'].includes(request.method)) return;
  const shown = request.headers['x-csrf-token'];
  if (typeof shown !== 'string' || caller.token === null || !same(shown, csrfToken(caller.token))) {
    throw new NativeError('csrf_missing', 'The header x-csrf-token is missing or wrong', {
      hint: 'Read the token from GET /api/v1/session.',
    });
  }
}

/** Who does something, for use cases and the audit log. */
export function actorOf(principal: Principal, request: FastifyRequest): Actor {
  return {
    name: principal.name,
    userId: principal.userId,
    accessKeyId: principal.accessKeyId,
    address: request.ip,
    requestId: request.id,
  };
}

/**
 * The call of an action that the caller may do. `global` actions must be allowed for all projects.
 * @throws NativeError `denied`
 */
export function authorise(
  access: AccessControl,
  principal: Principal,
  action: string,
  request: FastifyRequest,
  options: { readonly global: boolean; readonly signal: AbortSignal },
): Call {
  const decision = access.decide(principal, action);
  const projects = decision.allowed ? decision.projects : [];
  const nothing = projects !== 'all' && (projects.length === 0 || options.global);
  if (!decision.allowed || nothing) {
    throw new NativeError('denied', `This needs the right ${action}${options.global ? ' for all projects' : ''}`);
  }
  return { projects, actor: actorOf(principal, request), signal: options.signal };
}
