import { z } from 'zod';
import type { RiskQuery } from '../../../service/index.ts';
import { found } from '../errors.ts';
import { type Route, route } from '../route.ts';
import {
  filterOf,
  filterText,
  flag,
  listOf,
  pageJson,
  pageOf,
  pageQuery,
  pageSchema,
  present,
  uuidParam,
} from '../schemas/common.ts';
import {
  riskGroupJson,
  riskGroupSchema,
  riskHitJson,
  riskHitSchema,
  riskImageJson,
  riskImageSchema,
  riskLevelsSchema,
  riskPaths,
  riskStatuses,
} from '../schemas/risk.ts';

const tag = 'risks';
type Word = keyof typeof riskPaths;
const words = Object.keys(riskPaths) as [Word, ...Word[]];

const texts = listOf(z.string().min(1).max(300)).optional();
const narrowing = {
  q: filterText,
  rules: texts.describe('Items or ids of checks, rules of secrets, classes of malicious files'),
  names: texts.describe('Keys of baselines'),
  classes: texts,
  levels: listOf(z.enum(['high', 'medium', 'low', 'serious', 'suspicious', 'remind'])).optional(),
  statuses: listOf(z.enum(riskStatuses)).optional(),
  md5: listOf(z.string().regex(/^[0-9a-f]{32}$/, 'a hash in hex')).optional(),
  layers: texts.describe('Digests of layers'),
  title: z.string().min(1).max(300).optional().describe('Part of the title'),
  listed: flag.optional().describe('Whether what does not count is listed too'),
};
const query = z.strictObject({ ...narrowing, ...pageQuery });

function queryOf(word: Word, given: z.output<typeof query>): RiskQuery {
  const { q, title, rules, names, classes, levels, statuses, md5, layers, listed } = given;
  return {
    kind: riskPaths[word],
    ...filterOf(q),
    ...present({ rules, names, classes, levels, statuses, md5, layers, listed }),
    ...(title !== undefined && { title: { of: 'rule', contains: title } }),
  };
}

function hitsOfImage(word: Word): Route {
  return route({
    method: 'GET',
    path: `/images/:uuid/${word}`,
    access: 'drydock:finding:read',
    tag,
    summary: `Findings of the kind ${riskPaths[word]} in an image, the worst first`,
    params: z.strictObject({ uuid: uuidParam }),
    query,
    answer: pageSchema('RiskHit', riskHitSchema),
    handle: async ({ params, query: given, call, deps }) => {
      const { images, risks } = deps.services;
      const image = found((await images.byUuids(call, [params.uuid]))[0], 'image');
      const { filter, ...wanted } = queryOf(word, given);
      const own = { field: 'image.uuid', op: 'in', values: [image.uuid] } as const;
      const narrowed = filter === undefined ? own : { and: [own, filter] };
      return pageJson(await risks.hits(call, { ...wanted, filter: narrowed, page: pageOf(given) }), riskHitJson);
    },
  });
}

const kindParam = z.strictObject({ kind: z.enum(words) });

const groups = route({
  method: 'GET',
  path: '/risks/:kind',
  access: 'drydock:finding:read',
  tag,
  summary: 'Findings of a kind grouped over images: by check, rule or MD5, or by baseline; handled ones too',
  params: kindParam,
  query: z.strictObject({ ...narrowing, by: z.enum(['rule', 'name', 'class']).optional(), ...pageQuery }),
  answer: pageSchema('RiskGroup', riskGroupSchema),
  handle: async ({ params, query: { by = 'rule', ...given }, call, deps }) => {
    const wanted = { ...queryOf(params.kind, given), by, page: pageOf(given) };
    return pageJson(await deps.services.risks.groups(call, wanted), riskGroupJson);
  },
});

const images = route({
  method: 'GET',
  path: '/risks/:kind/images',
  access: 'drydock:finding:read',
  tag,
  summary: 'Images with findings of a kind, the worst first',
  params: kindParam,
  query,
  answer: pageSchema('RiskImage', riskImageSchema),
  handle: async ({ params, query: given, call, deps }) => {
    const wanted = { ...queryOf(params.kind, given), page: pageOf(given) };
    return pageJson(await deps.services.risks.images(call, wanted), riskImageJson);
  },
});

const hits = route({
  method: 'GET',
  path: '/risks/:kind/findings',
  access: 'drydock:finding:read',
  tag,
  summary: 'Findings of a kind in all images, the worst first',
  params: kindParam,
  query,
  answer: pageSchema('RiskHit', riskHitSchema),
  handle: async ({ params, query: given, call, deps }) => {
    const wanted = { ...queryOf(params.kind, given), page: pageOf(given) };
    return pageJson(await deps.services.risks.hits(call, wanted), riskHitJson);
  },
});

const counts = route({
  method: 'GET',
  path: '/risks',
  access: 'drydock:finding:read',
  tag,
  summary: 'Open findings by kind and level over the images that a filter selects',
  query: z.strictObject({ q: filterText }),
  answer: z.object({
    baseline: riskLevelsSchema,
    instruction: riskLevelsSchema,
    malicious: riskLevelsSchema,
    sensitive: riskLevelsSchema,
    handled: z.record(z.string(), z.number()),
  }),
  handle: async ({ query: given, call, deps }) => deps.services.risks.counts(call, filterOf(given.q).filter),
});

const status = route({
  method: 'POST',
  path: '/risks/status',
  access: 'drydock:decision:write',
  tag,
  summary: 'Decide on findings, or open them again; takes effect at once',
  body: z.strictObject({
    kind: z.enum(['baseline', 'instruction', 'malicious', 'sensitive']),
    status: z.enum(riskStatuses).describe('`open` takes back what was decided for exactly these'),
    rules: z.array(z.string().min(1).max(500)).max(1000).optional().describe('Malicious: md5:…, sha256:…, rule:…'),
    uuids: z.array(uuidParam).min(1).max(1000).optional().describe('Images; absent = all'),
    ids: z.array(z.number().int().positive()).max(1000).optional().describe('Ids of findings'),
    reason: z.string().max(2000).optional(),
  }),
  answer: z.object({ decisions: z.array(z.number()).describe('That hold now, or were revoked') }),
  handle: async ({ body, call, deps }) => {
    const { kind, status: wanted, rules = [], reason = '' } = body;
    const rest = present({ uuids: body.uuids, ids: body.ids });
    const change = { kind, status: wanted, rules, reason, source: 'api', ...rest };
    return { decisions: await deps.services.risks.setStatus(call, change) };
  },
});

/** Findings that are no vulnerabilities: lists, numbers, decisions. */
export const riskRoutes: readonly Route[] = [...words.map(hitsOfImage), counts, status, groups, images, hits];
