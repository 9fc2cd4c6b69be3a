import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkFilter,
  EstateIndex,
  EstateQueries,
  type Filter,
  filterLimits,
  Pacer,
  pageOf,
  parseFilter,
  QueryError,
  type Sort,
  vulnerabilityPage,
} from '../../src/findings/index.ts';
import { EstateWorld } from '../support/estate-world.ts';
import { seeded } from '../support/random.ts';

const world = new EstateWorld(seeded(41));
const index = await EstateIndex.open(world.source(), { now: () => world.now });
const queries = new EstateQueries(index, { fixing: async () => new Map(), records: { byIds: async () => [] } });
const worst: Sort = { by: 'worst', descending: false };

async function page(window: unknown, sort: unknown = worst) {
  const plan = await queries.plan(undefined, 'all');
  return pageOf(plan, 'finding', sort as Sort, window as { offset: number; limit: number }, new Pacer());
}

const refused = (error: unknown): boolean => error instanceof QueryError;

test('a page of any size and from anywhere is bounded or refused', async () => {
  const all = await page({ offset: 0, limit: 1e9 });
  assert.ok(all.rows.length > 0 && all.rows.length <= 1_000);
  assert.equal((await page({ offset: 0, limit: 0 })).rows.length, 0);
  for (const wrong of [-1, 1.5, Number.NaN, Infinity, '10', null, undefined, 1e300]) {
    await assert.rejects(page({ offset: 0, limit: wrong }), refused, `limit ${wrong}`);
    if (wrong !== undefined) await assert.rejects(page({ offset: wrong, limit: 10 }), refused, `offset ${wrong}`);
  }
});

test('an offset behind the end is an empty page with the total', async () => {
  const all = await page({ offset: 0, limit: 1 });
  for (const offset of [all.total, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
    assert.deepEqual(await page({ offset, limit: 10 }), { rows: [], total: all.total, next: null });
  }
});

test('an order that is none is refused before anything is read', async () => {
  for (const by of ['sev;drop table vuln', '__proto__', 'constructor', '', 'Worst', 7, null]) {
    await assert.rejects(page({ offset: 0, limit: 1 }, { by, descending: false }), refused, String(by));
  }
  await assert.rejects(page({ offset: 0, limit: 1 }, { by: 'vuln', descending: 'x' }), refused);
});

test('a position that belongs to no list is refused', async () => {
  const { next } = await page({ after: null, limit: 1 });
  assert.ok(next !== null);
  const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const wrong = [
    ...['', 'x', next.slice(0, 9), `${next}${next}`, encoded(null), encoded([]), encoded({}), 'A'.repeat(1e6)],
    encoded(['worst', false, {}, 1, 1, 1, null]),
    encoded(['worst', false, 1, '1; --', 1, 1, null]),
    encoded(['worst', false, 1, 1, 1, 1.5, null]),
    encoded(['vuln', false, 'CVE', 1, 1, 1, null]),
  ];
  for (const after of wrong) await assert.rejects(page({ after, limit: 1 }), refused, after.slice(0, 60));
  const plan = await queries.plan(undefined, 'all');
  await assert.rejects(vulnerabilityPage(plan, worst, { after: 'x', limit: 1 }, new Pacer()), refused);
});

test('a pattern is a text to look for and nothing more', async () => {
  for (const value of ['(a+)+$', '.*.*.*.*.*x', '[[', '\\', '%', '_', "' OR 1=1 --", '`7*7`']) {
    const plan = await queries.plan({ field: 'vuln.title', op: 'contains', values: [value] }, 'all');
    assert.equal((await pageOf(plan, 'finding', worst, { offset: 0, limit: 1 }, new Pacer())).total, 0, value);
  }
});

test('a filter is read in linear time or refused', () => {
  const texts = [
    '(',
    '-',
    '((',
    '"',
    '\\',
    '*',
    ',',
    'or ',
    'a:',
    'tag:a,',
    'kev:true ',
    '-(',
    'tag:"',
    '\u0000',
    '\ud800',
  ];
  for (const piece of texts) {
    const text = piece.repeat(Math.floor(filterLimits.text / piece.length));
    const started = performance.now();
    try {
      parseFilter(text);
    } catch (error) {
      assert.ok(error instanceof QueryError, `${JSON.stringify(piece)}: ${error}`);
    }
    const ms = performance.now() - started;
    assert.ok(ms < 2_000, `${JSON.stringify(piece)} took ${ms} ms`);
  }
});

test('a filter that would cost too much is refused', async () => {
  const patterns = Array.from({ length: 200 }, (_, at) => `p${at}`);
  const wide: Filter = { field: 'vuln.title', op: 'contains', values: patterns };
  assert.throws(() => checkFilter(wide), { code: 'filter_limit' });
  assert.throws(() => parseFilter(patterns.map((text) => `title:${text}*`).join(' ')), { code: 'filter_limit' });
  const many: Filter = {
    or: Array.from({ length: 150 }, (): Filter => ({ field: 'kind', op: 'in', values: ['cve'] })),
  };
  await assert.rejects(queries.plan(many, 'all'), { code: 'filter_limit' });
  for (const field of ['__proto__', 'constructor', 'toString', 'image', '']) {
    assert.throws(() => checkFilter({ field, op: 'in', values: ['x'] } as unknown as Filter), refused, field);
  }
});
