import { z } from 'zod';
import type { DecisionRule } from '../../../service/index.ts';
import { found, missing, NativeError } from '../errors.ts';
import { type Route, route } from '../route.ts';
import {
  idParam,
  iso,
  isoOrNull,
  pageJson,
  pageOf,
  pageQuery,
  pageSchema,
  present,
  time,
  timeInput,
  timeOrNull,
} from '../schemas/common.ts';
import { named } from '../schemas/named.ts';
import { checkProject } from './registries.ts';

const tag = 'decisions';
const texts = z.array(z.string().min(1).max(500)).min(1).max(1000);

const scope = named(
  'DecisionScope',
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('global') }),
    z.strictObject({ kind: z.literal('repositories'), paths: texts }),
    z.strictObject({ kind: z.literal('registries'), ids: z.array(z.number().int()).min(1).max(1000) }),
    z.strictObject({ kind: z.literal('registryKinds'), kinds: texts }),
    z.strictObject({ kind: z.literal('images'), uuids: texts }),
    z.strictObject({ kind: z.literal('packages'), names: texts }),
    z
      .strictObject({
        kind: z.literal('products'),
        digest: z.string().nullable().describe('Of an image or index; null = every image'),
        purls: z.array(z.string().min(1).max(500)).max(1000).describe('Without a version: every version'),
      })
      .describe('What VEX documents speak of'),
  ]),
);

const kinds = ['ignore', 'whitelist', 'vex', 'baseline', 'instruction', 'malicious', 'sensitive'] as const;
const verdicts = ['whitelisted', 'false_positive', 'handled', 'verifying'] as const;

const condition = z.strictObject({
  field: z.enum(['path', 'md5']),
  op: z.enum(['equals', 'prefix', 'contains']),
  value: z.string().min(1).max(500),
});

const decisionSchema = named(
  'Decision',
  z.object({
    id: z.number(),
    kind: z.enum(kinds),
    projectId: z.number().nullable().describe('Null = all projects'),
    vulnerabilities: z.array(z.string()).describe('Ids or keys; empty = every vulnerability of the scope'),
    findingKind: z.enum(['cve', 'sca']).nullable(),
    scope,
    reason: z.string(),
    title: z.string().nullable(),
    verdict: z.enum(verdicts).optional().describe('How the findings stand; not of vulnerabilities'),
    conditions: z.array(condition).optional().describe('What must hold of the file as well; not of vulnerabilities'),
    author: z.string(),
    source: z.string(),
    createdAt: time,
    updatedAt: time,
    expiresAt: timeOrNull,
    expiresWhen: z.enum(['none', 'any_fix']).describe('`any_fix` ends it as soon as a fix is published'),
  }),
);

function decisionJson(rule: DecisionRule) {
  const { verdict, conditions, ...rest } = rule;
  return {
    ...rest,
    ...present({ verdict, conditions: conditions?.map((one) => ({ ...one })) }),
    createdAt: iso(rule.createdAt),
    updatedAt: iso(rule.updatedAt),
    expiresAt: isoOrNull(rule.expiresAt),
  };
}

const newDecision = named(
  'NewDecision',
  z.strictObject({
    kind: z
      .enum(['ignore', 'whitelist', 'baseline', 'instruction', 'malicious', 'sensitive'])
      .optional()
      .describe('`ignore` unless given; the last four decide on other findings than vulnerabilities'),
    projectId: z.number().int().positive().nullable().optional(),
    vulnerabilities: z
      .array(z.string().min(1).max(500))
      .max(5000)
      .optional()
      .describe('Of other findings: items of checks, rules of secrets, md5:…, sha256:… or rule:… of malicious files'),
    findingKind: z.enum(['cve', 'sca']).nullable().optional(),
    scope,
    reason: z.string().min(1).max(2000),
    title: z.string().max(300).nullable().optional(),
    expiresAt: timeInput.nullable().optional(),
    expiresWhen: z.enum(['none', 'any_fix']).optional(),
    verdict: z.enum(verdicts).optional().describe('Not of vulnerabilities; `whitelisted` unless given'),
    conditions: z.array(condition).max(20).optional().describe('Not of vulnerabilities'),
  }),
);

function decisionOf(body: z.output<typeof newDecision>) {
  const vulnerabilities = body.vulnerabilities ?? [];
  if (vulnerabilities.length === 0 && body.scope.kind === 'global' && (body.conditions ?? []).length === 0) {
    throw new NativeError('invalid_field', 'A decision on everything everywhere is refused', {
      field: 'vulnerabilities',
      hint: 'Name vulnerabilities, or a narrower scope.',
    });
  }
  return {
    kind: body.kind ?? 'ignore',
    ...present({ projectId: body.projectId, verdict: body.verdict, conditions: body.conditions }),
    vulnerabilities,
    findingKind: body.findingKind ?? null,
    scope: body.scope,
    reason: body.reason,
    expiresAt: body.expiresAt ?? null,
    expiresWhen: body.expiresWhen ?? 'none',
    source: 'api',
    title: body.title ?? null,
  } as const;
}

const add = route({
  method: 'POST',
  path: '/decisions',
  access: 'drydock:decision:write',
  tag,
  status: 201,
  etag: true,
  summary: 'Ignore or accept vulnerabilities or other findings; takes effect at once',
  body: newDecision,
  answer: decisionSchema,
  handle: async ({ body, call, deps, reply }) => {
    checkProject(call, body.projectId);
    const rule = await deps.services.decisions.add(call, decisionOf(body));
    reply.header('location', `/api/v1/decisions/${rule.id}`);
    return decisionJson(rule);
  },
});

const mebibyte = 1024 * 1024;

const imported = route({
  method: 'POST',
  path: '/decisions/import',
  access: 'drydock:decision:write',
  tag,
  bodyLimit: 16 * mebibyte,
  summary: 'Take over a VEX document (OpenVEX, CSAF 2.0, CycloneDX) or an ignore file; a newer version replaces it',
  body: z.strictObject({
    name: z.string().min(1).max(300).describe('Name of the file'),
    content: z
      .string()
      .max(16 * mebibyte)
      .describe('The document as text'),
    projectId: z.number().int().positive().nullable().optional().describe('Null = all projects'),
    expiresAt: timeInput.nullable().optional().describe('When those of its decisions end that do not say so'),
  }),
  answer: named(
    'ImportedDecisions',
    z.object({
      format: z.enum(['openvex', 'csaf', 'cyclonedx', 'ignore-file']),
      document: z.string(),
      added: z.number(),
      revoked: z.number().describe('Decisions of an earlier version that were withdrawn'),
      skipped: z.array(z.string()).describe('What of the document is not in force, and why'),
    }),
  ),
  handle: async ({ body, call, deps }) => {
    checkProject(call, body.projectId);
    const { name, content, expiresAt = null } = body;
    const document = { bytes: Buffer.from(content), name, ...present({ projectId: body.projectId }), expiresAt };
    return deps.services.decisions.importDocument(call, document);
  },
});

const preview = route({
  method: 'POST',
  path: '/decisions/preview',
  access: 'drydock:decision:read',
  tag,
  safe: true,
  summary: 'How many findings a decision would handle',
  body: newDecision,
  answer: z.object({ findings: z.number(), images: z.number() }),
  handle: async ({ body, call, deps }) => {
    checkProject(call, body.projectId);
    return deps.services.decisions.preview(call, decisionOf(body));
  },
});

const list = route({
  method: 'GET',
  path: '/decisions',
  access: 'drydock:decision:read',
  tag,
  summary: 'Decisions in force',
  query: z.strictObject({
    kind: z.enum(kinds).optional(),
    text: z.string().max(300).optional(),
    source: z.string().max(300).optional(),
    ...pageQuery,
  }),
  answer: pageSchema('Decision', decisionSchema),
  handle: async ({ query, call, deps }) => {
    const { kind, text, source } = query;
    const wanted = { ...present({ kind, text, source }), page: pageOf(query) };
    return pageJson(await deps.services.decisions.page(call, wanted), decisionJson);
  },
});

const history = route({
  method: 'GET',
  path: '/decisions/history',
  access: 'drydock:decision:read',
  tag,
  summary: 'Every change of decisions, newest first',
  query: z.strictObject({ vulnerability: z.string().max(500).optional(), ...pageQuery }),
  answer: pageSchema(
    'DecisionChange',
    z.object({
      decision: decisionSchema,
      change: z.enum(['added', 'updated', 'revoked', 'expired']),
      at: time,
      by: z.string(),
    }),
  ),
  handle: async ({ query, call, deps }) => {
    const wanted = { ...present({ vulnerability: query.vulnerability }), page: pageOf(query) };
    return pageJson(await deps.services.decisions.history(call, wanted), ({ rule, change, at, by }) => ({
      decision: decisionJson(rule),
      change,
      at: iso(at),
      by,
    }));
  },
});

const get = route({
  method: 'GET',
  path: '/decisions/:id',
  access: 'drydock:decision:read',
  tag,
  etag: true,
  summary: 'One decision',
  params: z.strictObject({ id: idParam }),
  answer: decisionSchema,
  handle: async ({ params, call, deps }) =>
    decisionJson(found(await deps.services.decisions.get(call, params.id), 'decision')),
});

const change = route({
  method: 'PATCH',
  path: '/decisions/:id',
  access: 'drydock:decision:write',
  tag,
  etag: true,
  summary: 'Change a decision',
  params: z.strictObject({ id: idParam }),
  body: z.strictObject({
    reason: z.string().min(1).max(2000).optional(),
    scope: scope.optional(),
    conditions: z.array(condition).max(20).optional(),
    expiresAt: timeInput.nullable().optional(),
    expiresWhen: z.enum(['none', 'any_fix']).optional(),
  }),
  answer: decisionSchema,
  handle: async ({ params, body, call, deps }) => {
    found(await deps.services.decisions.get(call, params.id), 'decision');
    return decisionJson(await deps.services.decisions.update(call, params.id, present(body)));
  },
});

const revoke = route({
  method: 'DELETE',
  path: '/decisions/:id',
  access: 'drydock:decision:write',
  tag,
  status: 204,
  etag: true,
  summary: 'Revoke a decision; its history stays',
  params: z.strictObject({ id: idParam }),
  handle: async ({ params, call, deps }) => {
    found(await deps.services.decisions.get(call, params.id), 'decision');
    if ((await deps.services.decisions.revoke(call, [params.id])) === 0) throw missing('decision');
  },
});

/** Ignores, white lists and VEX. */
export const decisionRoutes: readonly Route[] = [add, imported, preview, list, history, get, change, revoke];
