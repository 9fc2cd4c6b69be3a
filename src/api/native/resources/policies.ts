import { Readable } from 'node:stream';
import { z } from 'zod';
import { parsePolicyDocument } from '../../../access/index.ts';
import { found, missing } from '../errors.ts';
import { type Route, route } from '../route.ts';
import { auditJson, auditSchema, policySchema, projectSchema, statementsSchema } from '../schemas/access.ts';
import { idParam, present } from '../schemas/common.ts';

const tag = 'access';
const policyName = z.strictObject({ name: z.string().regex(/^[\w .-]{1,100}$/) });
/** Our own shape, or a policy document as Alibaba's policy language writes it. */
const policyBody = z.union([
  z.strictObject({ statements: statementsSchema }),
  z.strictObject({
    Version: z.literal('1').optional(),
    Statement: z
      .array(
        z.strictObject({
          Effect: z.enum(['Allow', 'Deny']),
          Action: z.union([z.string(), z.array(z.string()).min(1).max(500)]),
          Resource: z.union([z.literal('*'), z.tuple([z.literal('*')])]).optional(),
        }),
      )
      .min(1)
      .max(100),
  }),
]);
const projectId = z.strictObject({ id: idParam });
const projectBody = z.strictObject({ name: z.string().min(1).max(100) });

const policies = route({
  method: 'GET',
  path: '/policies',
  access: 'drydock:policy:read',
  global: true,
  tag,
  summary: 'Policies; those that come along cannot be changed',
  answer: z.object({ items: z.array(policySchema) }),
  handle: async ({ deps }) => ({ items: await deps.admin.policies() }),
});

const policy = route({
  method: 'GET',
  path: '/policies/:name',
  access: 'drydock:policy:read',
  global: true,
  tag,
  etag: true,
  summary: 'One policy',
  params: policyName,
  answer: policySchema,
  handle: async ({ params, deps }) =>
    found(
      (await deps.admin.policies()).find(({ name }) => name === params.name),
      'policy',
    ),
});

const putPolicy = route({
  method: 'PUT',
  path: '/policies/:name',
  access: 'drydock:policy:write',
  global: true,
  tag,
  etag: true,
  summary: 'Add or replace a policy; takes effect at once',
  params: policyName,
  body: policyBody,
  answer: policySchema,
  handle: async ({ params, body, call, deps }) => {
    await deps.admin.putPolicy(call.actor, params.name, parsePolicyDocument(body));
    return found(
      (await deps.admin.policies()).find(({ name }) => name === params.name),
      'policy',
    );
  },
});

const removePolicy = route({
  method: 'DELETE',
  path: '/policies/:name',
  access: 'drydock:policy:write',
  global: true,
  tag,
  status: 204,
  etag: true,
  summary: 'Remove a policy that nobody has',
  params: policyName,
  handle: async ({ params, call, deps }) => {
    if (!(await deps.admin.removePolicy(call.actor, params.name))) throw missing('policy');
  },
});

const projects = route({
  method: 'GET',
  path: '/projects',
  access: 'drydock:project:read',
  tag,
  summary: 'Projects of the caller',
  answer: z.object({ items: z.array(projectSchema) }),
  handle: async ({ call, deps }) => {
    const all = await deps.access.projects();
    return { items: all.filter(({ id }) => call.projects === 'all' || call.projects.includes(id)) };
  },
});

const addProject = route({
  method: 'POST',
  path: '/projects',
  access: 'drydock:project:write',
  global: true,
  tag,
  status: 201,
  summary: 'Add a project',
  body: projectBody,
  answer: projectSchema,
  handle: async ({ body, call, deps }) => deps.admin.addProject(call.actor, body.name),
});

const renameProject = route({
  method: 'PATCH',
  path: '/projects/:id',
  access: 'drydock:project:write',
  global: true,
  tag,
  summary: 'Rename a project',
  params: projectId,
  body: projectBody,
  answer: projectSchema,
  handle: async ({ params, body, call, deps }) =>
    found(await deps.admin.renameProject(call.actor, params.id, body.name), 'project'),
});

const removeProject = route({
  method: 'DELETE',
  path: '/projects/:id',
  access: 'drydock:project:write',
  global: true,
  tag,
  status: 204,
  summary: 'Remove an empty project',
  params: projectId,
  handle: async ({ params, call, deps }) => {
    if (!(await deps.admin.removeProject(call.actor, params.id))) throw missing('project');
  },
});

const audit = route({
  method: 'GET',
  path: '/audit',
  access: 'drydock:audit:read',
  global: true,
  tag,
  summary: 'Audit log, newest first',
  query: z.strictObject({
    before: idParam.optional().describe('`seq` of the last entry of the page before'),
    limit: z
      .string()
      .regex(/^\d{1,4}$/)
      .transform(Number)
      .refine((n) => n >= 1 && n <= 500, '1 to 500')
      .optional(),
    action: z.string().max(200).optional(),
    object: z.string().max(300).optional(),
    user: z.string().max(200).optional(),
  }),
  answer: z.object({ items: z.array(auditSchema), next: z.number().nullable() }),
  handle: async ({ query, deps }) => {
    const { action, object, user, before, limit = 100 } = query;
    const rows = await deps.admin.audit({ before: before ?? null, limit, ...present({ action, object, user }) });
    return { items: rows.map(auditJson), next: rows.length < limit ? null : (rows.at(-1)?.seq ?? null) };
  },
});

const exported = route({
  method: 'GET',
  path: '/audit/export',
  access: 'drydock:audit:read',
  global: true,
  tag,
  raw: true,
  content: 'application/jsonl',
  audit: 'audit.export',
  summary: 'The whole audit log with its hashes, oldest first, one JSON document a line',
  answer: z.string(),
  handle: async ({ deps, reply }) => {
    async function* lines(): AsyncGenerator<string> {
      for await (const line of deps.admin.exportAudit()) yield line.endsWith('\n') ? line : `${line}\n`;
    }
    reply.type('application/jsonl; charset=utf-8').header('content-disposition', 'attachment; filename="audit.jsonl"');
    await reply.send(Readable.from(lines()));
    return '';
  },
});

const verify = route({
  method: 'GET',
  path: '/audit/verification',
  access: 'drydock:audit:read',
  global: true,
  tag,
  summary: 'Check the chain of hashes of the audit log',
  answer: z.object({ entries: z.number(), firstWrong: z.number().nullable() }),
  handle: async ({ deps }) => deps.admin.verifyAudit(),
});

/** Policies, projects and the audit log. */
export const policyRoutes: readonly Route[] = [
  ...[policies, policy, putPolicy, removePolicy],
  ...[projects, addProject, renameProject, removeProject],
  ...[audit, exported, verify],
];
