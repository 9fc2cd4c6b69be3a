import { z } from 'zod';
import { type Filter, parseFilter } from '../../../findings/index.ts';
import type { Page, PageRequest } from '../../../service/index.ts';
import { named } from './named.ts';

/** A time as the API writes it. */
export const time = z.string().describe('RFC 3339, UTC');

/** A time that may be missing. */
export const timeOrNull = time.nullable();

/** A time in ms as the API writes it. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** The same for times that may be missing. */
export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}

/** A time that a caller gives, as ms. */
export const timeInput = z
  .string()
  .max(40)
  .refine((text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) && !Number.isNaN(Date.parse(text)), 'a time in RFC 3339')
  .transform((text) => Date.parse(text));

/** A number in a path, below 10^15. */
export const idParam = z
  .string()
  .regex(/^\d{1,15}$/, 'a number')
  .transform(Number);

/** uuid of an image: 32 hex digits. */
export const uuidParam = z.string().regex(/^[0-9a-f]{32}$/, '32 hex digits');

/** Id of a task or export in a path. */
export const taskIdParam = z.string().regex(/^[\w-]{1,64}$/, 'an id');

const maxLimit = 500;

/** Query of every list: how many rows, and behind which. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^\d{1,6}$/, 'a number')
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= maxLimit, `1 to ${maxLimit}`)
    .optional()
    .describe(`Rows of a page, 1 to ${maxLimit}; 50 unless given`),
  cursor: z.string().min(1).max(2000).optional().describe('`next` of the page before'),
};

/** The page that a caller asks for. */
export function pageOf(query: {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}): PageRequest {
  return { after: query.cursor ?? null, limit: query.limit ?? 50 };
}

/** Schema of a page of rows. */
export function pageSchema<S extends z.ZodType>(name: string, item: S) {
  return named(
    `${name}Page`,
    z.object({
      items: z.array(item),
      total: z.number().describe('Rows that match'),
      totalIsBound: z.boolean().describe('`total` says "at least"'),
      next: z.string().nullable().describe('`cursor` of the next page; null at the end'),
    }),
  );
}

/** A page of a use case as the API shows it. */
export function pageJson<T, J>(page: Page<T>, show: (row: T) => J) {
  return { items: page.rows.map(show), total: page.total, totalIsBound: page.totalIsBound, next: page.next };
}

/** Query parameter with the filter grammar. */
export const filterText = z
  .string()
  .max(10_000)
  .optional()
  .describe('Filter: `severity:critical,high fixable:true -repository:team/* size>=1000000` (docs/api/native.md)');

/** The filter of a query; absent = everything. @throws QueryError */
export function filterOf(text: string | undefined): { readonly filter?: Filter } {
  return text === undefined || text.trim() === '' ? {} : { filter: parseFilter(text) };
}

/** `true` or `false` in a query. */
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** Repeated and comma-separated values alike. */
export function listOf<S extends z.ZodType<unknown, string>>(item: S) {
  return z
    .union([z.string(), z.array(z.string())])
    .transform((value) => (Array.isArray(value) ? value : value.split(',')))
    .pipe(z.array(item).min(1).max(100));
}

/** Leaves out members that are `undefined`, so that optional members of contracts are absent. */
export function present<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never;
}

/** Typed code and sentence; null when there is nothing to say. */
export const reason = z.object({ code: z.string(), message: z.string() }).nullable();

/** Body of a POST that needs none. */
export const noBody = z.strictObject({}).nullish();
