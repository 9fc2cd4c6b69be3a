import { z } from 'zod';
import { found, missing } from '../errors.ts';
import { type Route, route } from '../route.ts';
import { grantSchema, userJson, userSchema } from '../schemas/access.ts';
import { idParam, present } from '../schemas/common.ts';

const tag = 'access';
const id = z.strictObject({ id: idParam });
const password = z.string().min(12).max(1000);

const list = route({
  method: 'GET',
  path: '/users',
  access: 'drydock:user:read',
  global: true,
  tag,
  summary: 'Users with their policies',
  answer: z.object({ items: z.array(userSchema) }),
  handle: async ({ deps }) => ({ items: (await deps.admin.users()).map(userJson) }),
});

const add = route({
  method: 'POST',
  path: '/users',
  access: 'drydock:user:write',
  global: true,
  tag,
  status: 201,
  etag: true,
  summary: 'Add a user; without a password it can only be used by keys and tokens',
  body: z.strictObject({
    name: z.string().regex(/^[\w.@-]{1,100}$/, 'letters, digits, . _ @ -'),
    password: password.nullable().optional(),
  }),
  answer: userSchema,
  handle: async ({ body, call, deps, reply }) => {
    const user = await deps.admin.addUser(call.actor, { name: body.name, password: body.password ?? null });
    reply.header('location', `/api/v1/users/${user.id}`);
    return userJson(user);
  },
});

const get = route({
  method: 'GET',
  path: '/users/:id',
  access: 'drydock:user:read',
  global: true,
  tag,
  etag: true,
  summary: 'One user',
  params: id,
  answer: userSchema,
  handle: async ({ params, deps }) =>
    userJson(
      found(
        (await deps.admin.users()).find((user) => user.id === params.id),
        'user',
      ),
    ),
});

const change = route({
  method: 'PATCH',
  path: '/users/:id',
  access: 'drydock:user:write',
  global: true,
  tag,
  etag: true,
  summary: 'Change the password of a user, or disable it; its sessions end',
  params: id,
  body: z.strictObject({ password: password.nullable().optional(), disabled: z.boolean().optional() }),
  answer: userSchema,
  handle: async ({ params, body, call, deps }) =>
    userJson(found(await deps.admin.updateUser(call.actor, params.id, present(body)), 'user')),
});

const remove = route({
  method: 'DELETE',
  path: '/users/:id',
  access: 'drydock:user:write',
  global: true,
  tag,
  status: 204,
  etag: true,
  summary: 'Remove a user with its keys and tokens',
  params: id,
  handle: async ({ params, call, deps }) => {
    if (!(await deps.admin.removeUser(call.actor, params.id))) throw missing('user');
  },
});

const setGrants = route({
  method: 'PUT',
  path: '/users/:id/grants',
  access: 'drydock:user:write',
  global: true,
  tag,
  summary: 'Replace the policies of a user',
  params: id,
  body: z.strictObject({ grants: z.array(grantSchema).max(1000) }),
  answer: userSchema,
  handle: async ({ params, body, call, deps }) =>
    userJson(found(await deps.admin.setGrants(call.actor, params.id, body.grants), 'user')),
});

/** Users and their policies. */
export const userRoutes: readonly Route[] = [list, add, get, change, remove, setGrants];
