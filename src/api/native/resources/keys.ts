import { z } from 'zod';
import { found, missing } from '../errors.ts';
import { type Route, route } from '../route.ts';
import { keyJson, keySchema, statementsSchema, tokenJson, tokenSchema } from '../schemas/access.ts';
import { idParam, iso, time, timeInput } from '../schemas/common.ts';

const tag = 'access';
const user = z.strictObject({ id: idParam });
const keyId = z.strictObject({ keyId: z.string().regex(/^[\w.-]{1,128}$/) });

const keys = route({
  method: 'GET',
  path: '/users/:id/keys',
  access: 'drydock:key:read',
  global: true,
  tag,
  summary: 'Access keys of a user',
  params: user,
  answer: z.object({ items: z.array(keySchema) }),
  handle: async ({ params, deps }) => ({ items: (await deps.admin.keys(params.id)).map(keyJson) }),
});

const addKey = route({
  method: 'POST',
  path: '/users/:id/keys',
  access: 'drydock:key:write',
  global: true,
  tag,
  status: 201,
  secret: true,
  summary: 'Make an access key; its secret is shown once',
  params: user,
  body: z.strictObject({ expiresAt: timeInput.nullable().optional() }).nullish(),
  answer: z.object({ key: keySchema, secret: z.string() }),
  handle: async ({ params, body, call, deps }) => {
    const made = found(await deps.admin.addKey(call.actor, params.id, body?.expiresAt ?? null), 'user');
    return { key: keyJson(made.key), secret: made.secret };
  },
});

const rotateKey = route({
  method: 'POST',
  path: '/keys/:keyId/rotate',
  access: 'drydock:key:write',
  global: true,
  tag,
  status: 201,
  secret: true,
  summary: 'Make a second key for the same user; the old one ends after the overlap',
  params: keyId,
  body: z
    .strictObject({
      overlapSeconds: z
        .number()
        .int()
        .min(0)
        .max(90 * 86_400)
        .optional(),
    })
    .nullish(),
  answer: z.object({ key: keySchema, secret: z.string() }),
  handle: async ({ params, body, call, deps }) => {
    const overlapMs = (body?.overlapSeconds ?? 86_400) * 1000;
    const made = found(await deps.admin.rotateKey(call.actor, params.keyId, overlapMs), 'access key');
    return { key: keyJson(made.key), secret: made.secret };
  },
});

const temporaryKey = route({
  method: 'POST',
  path: '/users/:id/temporary-keys',
  access: 'drydock:key:write',
  global: true,
  tag,
  status: 201,
  secret: true,
  summary: 'Make a temporary access key with its security token (STS); shown once',
  params: user,
  body: z.strictObject({
    name: z.string().min(1).max(64),
    durationSeconds: z.number().int().min(900).max(43_200),
    statements: statementsSchema.nullable().optional(),
  }),
  answer: z.object({ accessKeyId: z.string(), secret: z.string(), securityToken: z.string(), expiresAt: time }),
  handle: async ({ params, body, call, deps }) => {
    const { name, durationSeconds, statements = null } = body;
    const session = { name, durationMs: durationSeconds * 1000, statements };
    const made = found(await deps.admin.issueTemporaryKey(call.actor, params.id, session), 'user');
    return {
      accessKeyId: made.accessKeyId,
      secret: made.secret,
      securityToken: made.token,
      expiresAt: iso(made.expiresAt),
    };
  },
});

const changeKey = route({
  method: 'PATCH',
  path: '/keys/:keyId',
  access: 'drydock:key:write',
  global: true,
  tag,
  summary: 'Enable or disable an access key',
  params: keyId,
  body: z.strictObject({ active: z.boolean() }),
  answer: keySchema,
  handle: async ({ params, body, call, deps }) =>
    keyJson(found(await deps.admin.setKeyActive(call.actor, params.keyId, body.active), 'access key')),
});

const removeKey = route({
  method: 'DELETE',
  path: '/keys/:keyId',
  access: 'drydock:key:write',
  global: true,
  tag,
  status: 204,
  summary: 'Remove an access key',
  params: keyId,
  handle: async ({ params, call, deps }) => {
    if (!(await deps.admin.removeKey(call.actor, params.keyId))) throw missing('access key');
  },
});

const tokens = route({
  method: 'GET',
  path: '/users/:id/tokens',
  access: 'drydock:token:read',
  global: true,
  tag,
  summary: 'Robot tokens of a user',
  params: user,
  answer: z.object({ items: z.array(tokenSchema) }),
  handle: async ({ params, deps }) => ({ items: (await deps.admin.tokens(params.id)).map(tokenJson) }),
});

const addToken = route({
  method: 'POST',
  path: '/users/:id/tokens',
  access: 'drydock:token:write',
  global: true,
  tag,
  status: 201,
  secret: true,
  summary: 'Make a robot token with an end and, if wanted, fewer rights than its user; its text is shown once',
  params: user,
  body: z.strictObject({
    name: z.string().min(1).max(100),
    expiresAt: timeInput,
    statements: statementsSchema.nullable().optional(),
  }),
  answer: z.object({ token: tokenSchema, secret: z.string() }),
  handle: async ({ params, body, call, deps }) => {
    const wanted = { name: body.name, expiresAt: body.expiresAt, statements: body.statements ?? null };
    const made = found(await deps.admin.addToken(call.actor, params.id, wanted), 'user');
    return { token: tokenJson(made.token), secret: made.secret };
  },
});

const removeToken = route({
  method: 'DELETE',
  path: '/users/:id/tokens/:tokenId',
  access: 'drydock:token:write',
  global: true,
  tag,
  status: 204,
  summary: 'End a robot token',
  params: z.strictObject({ id: idParam, tokenId: idParam }),
  handle: async ({ params, call, deps }) => {
    if (!(await deps.admin.removeToken(call.actor, params.id, params.tokenId))) throw missing('token');
  },
});

/** Access keys and robot tokens. */
export const keyRoutes: readonly Route[] = [
  keys,
  addKey,
  rotateKey,
  temporaryKey,
  changeKey,
  removeKey,
  tokens,
  addToken,
  removeToken,
];
