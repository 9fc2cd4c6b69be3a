import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Principal } from '../../../access/index.ts';
import { actionsOf } from '../actions.ts';
import { csrfToken, sessionCookie } from '../authenticate.ts';
import type { NativeDeps } from '../contract.ts';
import { NativeError } from '../errors.ts';
import { type Route, route } from '../route.ts';
import { iso, time, timeOrNull } from '../schemas/common.ts';
import { named } from '../schemas/named.ts';

const tag = 'session';

const me = named(
  'Me',
  z.object({
    name: z.string(),
    userId: z.number(),
    kind: z.enum(['user', 'session']),
    grants: z.array(z.object({ policy: z.string(), projects: z.union([z.literal('all'), z.array(z.number())]) })),
    rights: z
      .record(z.string(), z.union([z.literal('all'), z.array(z.number())]))
      .describe('Actions of this API that are allowed, with their projects'),
  }),
);

function meJson(deps: NativeDeps, principal: Principal) {
  const rights = actionsOf().flatMap((action) => {
    const decision = deps.access.decide(principal, action);
    return decision.allowed && (decision.projects === 'all' || decision.projects.length > 0)
      ? [[action, decision.projects] as const]
      : [];
  });
  return {
    name: principal.name,
    userId: principal.userId,
    kind: principal.kind,
    grants: principal.grants.map(({ policy, projects }) => ({ policy: policy.name, projects })),
    rights: Object.fromEntries(rights),
  };
}

function setCookie(request: FastifyRequest, reply: FastifyReply, value: string, seconds: number): void {
  const secure = request.protocol === 'https' ? '; Secure' : '';
  reply.header(
    'set-cookie',
    `${sessionCookie}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`,
  );
}

const signIn = route({
  method: 'POST',
  path: '/session',
  access: 'public',
  tag,
  status: 201,
  secret: true,
  summary: 'Sign in with name and password: a cookie for browsers, a bearer token for everything else',
  body: z.strictObject({
    name: z.string().min(1).max(200),
    password: z.string().min(1).max(1000),
    kind: z.enum(['cookie', 'token']).optional().describe('`cookie` unless given'),
  }),
  answer: z.object({
    expiresAt: time,
    csrfToken: z.string().optional().describe('To be repeated in x-csrf-token with every change; for cookies'),
    token: z.string().optional().describe('For `Authorization: Bearer`; for tokens'),
    me,
  }),
  handle: async ({ body, deps, request, reply }) => {
    // A form of another site could sign a browser in as somebody else.
    if (['cross-site', 'same-site'].includes(String(request.headers['sec-fetch-site']))) {
      throw new NativeError('denied', 'Signing in from another site is refused');
    }
    const { name, password, kind } = body;
    const made = await deps.access.signIn({ name, password, address: request.ip, projectExtId: null });
    const shown = { expiresAt: iso(made.expiresAt), me: meJson(deps, made.principal) };
    if (kind === 'token') return { ...shown, token: made.token };
    setCookie(
      request,
      reply,
      made.token,
      Math.max(0, Math.floor((made.expiresAt - deps.clock.now().getTime()) / 1000)),
    );
    return { ...shown, csrfToken: csrfToken(made.token) };
  },
});

const get = route({
  method: 'GET',
  path: '/session',
  access: 'signed-in',
  tag,
  summary: 'The session of the caller, with the CSRF token of a browser',
  answer: z.object({
    via: z.enum(['cookie', 'bearer', 'access-key']),
    expiresAt: timeOrNull,
    csrfToken: z.string().optional(),
    me,
  }),
  handle: async ({ caller, deps }) => ({
    via: caller.via,
    expiresAt: caller.expiresAt === null ? null : iso(caller.expiresAt),
    ...(caller.via === 'cookie' && caller.token !== null ? { csrfToken: csrfToken(caller.token) } : {}),
    me: meJson(deps, caller.principal),
  }),
});

const signOut = route({
  method: 'DELETE',
  path: '/session',
  access: 'signed-in',
  tag,
  status: 204,
  summary: 'End the session',
  handle: async ({ caller, call, deps, request, reply }) => {
    if (caller.token !== null) await deps.admin.signOut(call.actor, caller.token);
    if (caller.via === 'cookie') setCookie(request, reply, '', 0);
  },
});

const whoAmI = route({
  method: 'GET',
  path: '/me',
  access: 'signed-in',
  tag,
  summary: 'Who the caller is and what it may do',
  answer: me,
  handle: async ({ caller, deps }) => meJson(deps, caller.principal),
});

/** Signing in and out. */
export const sessionRoutes: readonly Route[] = [signIn, get, signOut, whoAmI];
