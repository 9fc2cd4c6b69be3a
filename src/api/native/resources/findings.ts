import { z } from 'zod';
import type { Filter } from '../../../findings/index.ts';
import { found } from '../errors.ts';
import { type Route, route } from '../route.ts';
import { filterOf, filterText, flag, pageJson, pageOf, pageQuery, pageSchema, present } from '../schemas/common.ts';
import {
  estatePackageSchema,
  findingJson,
  findingSchema,
  vulnerabilityDetailJson,
  vulnerabilityDetailSchema,
  vulnerabilityJson,
  vulnerabilitySchema,
} from '../schemas/finding.ts';
import { imageJson, imageSchema } from '../schemas/image.ts';

const sortNames = ['worst', 'vuln', 'package', 'image', 'severity', 'cvss', 'epss', 'firstSeen', 'id'] as const;
const sorting = {
  sort: z.enum(sortNames).optional().describe('`worst` unless given: exploited, severity, scores'),
  descending: flag.optional().describe('`true` unless given'),
};

function sortOf(query: { sort?: (typeof sortNames)[number] | undefined; descending?: boolean | undefined }) {
  if (query.sort === undefined && query.descending === undefined) return {};
  return { sort: { by: query.sort ?? 'worst', descending: query.descending ?? true } as const };
}

const keyParam = z.string().min(1).max(500);

const list = route({
  method: 'GET',
  path: '/findings',
  access: 'drydock:finding:read',
  tag: 'findings',
  summary: 'Findings (image × vulnerability × package × version), or records (image × vulnerability)',
  query: z.strictObject({
    q: filterText,
    grain: z.enum(['finding', 'record']).optional().describe('`finding` unless given'),
    ...sorting,
    ...pageQuery,
  }),
  answer: pageSchema('Finding', findingSchema),
  handle: async ({ query, call, deps }) => {
    const page = await deps.services.findings.page(call, {
      ...filterOf(query.q),
      grain: query.grain ?? 'finding',
      ...sortOf(query),
      page: pageOf(query),
    });
    return pageJson(page, findingJson);
  },
});

const count = route({
  method: 'GET',
  path: '/findings/count',
  access: 'drydock:finding:read',
  tag: 'findings',
  summary: 'How many rows a filter selects: the same number as an export of it has',
  query: z.strictObject({ q: filterText, grain: z.enum(['finding', 'record', 'vulnerability']).optional() }),
  answer: z.object({ count: z.number() }),
  handle: async ({ query, call, deps }) => ({
    count: await deps.services.findings.count(call, filterOf(query.q).filter, query.grain ?? 'finding'),
  }),
});

const vulnerabilities = route({
  method: 'GET',
  path: '/vulnerabilities',
  access: 'drydock:finding:read',
  tag: 'findings',
  summary: 'Vulnerabilities of the estate, each once for every release of a distribution',
  query: z.strictObject({ q: filterText, ...sorting, ...pageQuery }),
  answer: pageSchema('Vulnerability', vulnerabilitySchema),
  handle: async ({ query, call, deps }) => {
    const wanted = { ...filterOf(query.q), ...sortOf(query), page: pageOf(query) };
    return pageJson(await deps.services.findings.vulnerabilities(call, wanted), vulnerabilityJson);
  },
});

const vulnerability = route({
  method: 'GET',
  path: '/vulnerabilities/:key',
  access: 'drydock:finding:read',
  tag: 'findings',
  etag: true,
  summary: 'One vulnerability by its id (`CVE-…`) or key',
  params: z.strictObject({ key: keyParam }),
  answer: vulnerabilityDetailSchema,
  handle: async ({ params, call, deps }) =>
    vulnerabilityDetailJson(found(await deps.services.findings.vulnerability(call, params.key), 'vulnerability')),
});

const affected = route({
  method: 'GET',
  path: '/vulnerabilities/:key/images',
  access: 'drydock:finding:read',
  tag: 'findings',
  summary: 'Current images that have a vulnerability, worst first',
  params: z.strictObject({ key: keyParam }),
  query: z.strictObject({ q: filterText, ...pageQuery }),
  answer: pageSchema('Image', imageSchema),
  handle: async ({ params, query, call, deps }) => {
    found(await deps.services.findings.vulnerability(call, params.key), 'vulnerability');
    const field = params.key.includes(':') ? 'vuln.key' : 'vuln.id';
    const has: Filter = { field, op: 'in', values: [params.key] };
    const { filter } = filterOf(query.q);
    const page = await deps.services.images.page(call, {
      filter: filter === undefined ? has : { and: [has, filter] },
      page: pageOf(query),
    });
    return pageJson(page, imageJson);
  },
});

const packages = route({
  method: 'GET',
  path: '/packages',
  access: 'drydock:finding:read',
  tag: 'findings',
  summary: 'Packages of the estate with the number of images and findings',
  query: z.strictObject({ name: z.string().max(300).optional(), ...pageQuery }),
  answer: pageSchema('EstatePackage', estatePackageSchema),
  handle: async ({ query, call, deps }) => {
    const wanted = { ...present({ name: query.name }), page: pageOf(query) };
    return pageJson(await deps.services.findings.estatePackages(call, wanted), (row) => row);
  },
});

const packageImages = route({
  method: 'GET',
  path: '/packages/images',
  access: 'drydock:image:read',
  tag: 'findings',
  summary: 'Current images that hold a package, whether a vulnerability of it is known or not',
  query: z.strictObject({
    name: z.string().min(1).max(300).describe('The whole name'),
    version: z.string().min(1).max(300).optional(),
    ...pageQuery,
  }),
  answer: pageSchema('Image', imageSchema),
  handle: async ({ query, call, deps }) => {
    const wanted = { name: query.name, ...present({ version: query.version }), page: pageOf(query) };
    const { rows, ...page } = await deps.services.findings.imagesWithPackage(call, wanted);
    return pageJson({ ...page, rows: await deps.services.images.byUuids(call, rows) }, imageJson);
  },
});

const statistics = route({
  method: 'GET',
  path: '/statistics',
  access: 'drydock:finding:read',
  tag: 'findings',
  summary: 'Sums over the images that a filter selects',
  query: z.strictObject({
    q: filterText,
    handled: flag.optional().describe('Only handled, or only open findings; both unless given'),
  }),
  answer: z.object({ cve: z.number(), sca: z.number(), baseline: z.number(), malicious: z.number() }),
  handle: async ({ query, call, deps }) =>
    deps.services.images.securityCounts(call, filterOf(query.q).filter, query.handled ?? null),
});

/** Findings, vulnerabilities, packages and sums. */
export const findingRoutes: readonly Route[] = [
  list,
  count,
  vulnerabilities,
  vulnerability,
  affected,
  packages,
  packageImages,
  statistics,
];
