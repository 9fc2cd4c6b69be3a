import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { jsonMembers, type MemberLimits } from './json-members.ts';

const limits: MemberLimits = { totalBytes: 10_000, memberBytes: 1_000, maxDepth: 20 };

async function read(text: string, chunk = 7, more: Partial<MemberLimits> = {}): Promise<[string, string][]> {
  async function* chunks() {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  }
  const members: [string, string][] = [];
  for await (const [name, value] of jsonMembers(chunks(), { ...limits, ...more })) {
    members.push([name, JSON.stringify(value)]);
  }
  return members;
}

test('json members: any object in any pieces reads as JSON.parse reads it', async () => {
  const value = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 6 });
  const spaced = fc.constantFrom(0, 1, '\t');
  await fc.assert(
    fc.asyncProperty(value, spaced, fc.integer({ min: 1, max: 40 }), async (object, space, chunk) => {
      const text = JSON.stringify(object, undefined, space);
      // Numbers as names come first in objects of JavaScript; the document's order is what counts.
      const expected = Object.entries(JSON.parse(text)).map(([name, item]) => [name, JSON.stringify(item)]);
      assert.deepEqual(await read(text, chunk), expected);
    }),
    { numRuns: 200 },
  );
});

for (const [name, text, code] of [
  ['nothing', '', 'feed_invalid'],
  ['a list', '[{"a":1}]', 'feed_invalid'],
  ['a text', '"a"', 'feed_invalid'],
  ['a number', '7', 'feed_invalid'],
  ['an object that does not end', '{"a":1', 'feed_invalid'],
  ['a text that does not end', '{"a":"1}', 'feed_invalid'],
  ['a comma too many', '{"a":1,}', undefined],
  ['two commas', '{"a":1,,"b":2}', 'feed_invalid'],
  ['a member without value', '{"a"}', 'json_invalid'],
  ['wrong brackets', '{"a":[1}', 'feed_invalid'],
  ['too deep', `{"a":${'['.repeat(100)}${']'.repeat(100)}}`, 'json_too_deep'],
  ['a large member', `{"a":"${'x'.repeat(1_000)}"}`, 'feed_too_large'],
  ['too much in all', `{${Array.from({ length: 2_000 }, (_, at) => `"${at}":1`).join(',')}}`, 'feed_too_large'],
] as const) {
  test(`json members: ${name}`, async () => {
    if (code === undefined) assert.deepEqual(await read(text), [['a', '1']]);
    else await assert.rejects(read(text), { code });
  });
}

test('json members: names of built-in properties are data', async () => {
  assert.deepEqual(await read('{"__proto__":{"x":1},"constructor":2}'), [
    ['__proto__', '{"x":1}'],
    ['constructor', '2'],
  ]);
});
