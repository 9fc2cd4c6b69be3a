import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eachMember, topLevelTexts } from './json-scan.ts';

const texts = (json: string): Record<string, string> | undefined => {
  const found = topLevelTexts(Buffer.from(json), ['name', 'version']);
  return found && Object.fromEntries(found);
};

test('texts of the outermost object, whatever stands around them', () => {
  const inner = { name: 'inner', list: [{ version: '0' }, ['}', '{', '"', '\\']], n: -1.5e3, yes: true, no: null };
  const document = { a: inner, version: '1.0.0', 'b"\\': [[[]], {}], name: 'outer' };
  for (const indent of [0, 2]) {
    assert.deepEqual(texts(JSON.stringify(document, null, indent)), { name: 'outer', version: '1.0.0' });
  }
  assert.deepEqual(texts('{}'), {});
  assert.deepEqual(texts('\ufeff {"name":"a"}\n'), { name: 'a' });
});

test('the last of equal keys counts, also when it is no text; escapes are read', () => {
  assert.deepEqual(texts('{"name":"a","name":"b"}'), { name: 'b' });
  assert.deepEqual(texts('{"name":"a","name":1}'), {});
  assert.deepEqual(texts('{"n\\u0061me":"\\u0061\\"\\\\"}'), { name: 'a"\\' });
});

test('what is no object has no texts', () => {
  const broken = ['', '[]', '"name"', '{', '{"name"}', '{"name":"a"', '{"name":"a}', '{"name":"a",}', '{"name":"a"}x'];
  for (const json of [...broken, '{name:"a"}', '{"name":"\\x"}', '{"a":[}', '{"a":}']) {
    assert.equal(texts(json), undefined, json);
  }
});

test('every document that JSON.parse reads gives what it gives', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('name', 'version', 'x', '__proto__'), fc.jsonValue()),
      fc.constantFrom(0, 1, 2),
      (document, indent) => {
        const json = JSON.stringify(document, null, indent);
        const expected = Object.entries(JSON.parse(json) as Record<string, unknown>).filter(
          ([key, value]) => (key === 'name' || key === 'version') && typeof value === 'string',
        );
        assert.deepEqual(texts(json), Object.fromEntries(expected));
      },
    ),
    { numRuns: 500 },
  );
});

test('texts and flags of each object in a member, before or behind anything else', () => {
  const inner = {
    a: { version: '1', dev: true, x: [{}] },
    b: { version: 2, dev: 'true' },
    c: 'text',
    d: { dev: false },
  };
  const read = (json: string): unknown => {
    const found: [string, Record<string, string>][] = [];
    const options = { keys: ['version'], flags: ['dev'] };
    const is = eachMember(Buffer.from(json), 'packages', options, (key, texts) =>
      found.push([key, Object.fromEntries(texts)]),
    );
    return [is, found];
  };
  const expected = [
    ['a', { version: '1', dev: 'true' }],
    ['b', {}],
    ['d', {}],
  ];
  assert.deepEqual(read(JSON.stringify({ x: { packages: inner }, packages: inner, y: 1 })), [true, expected]);
  assert.deepEqual(read(JSON.stringify({ packages: [inner] }, null, 2)), [false, []]);
  assert.deepEqual(read('{}'), [false, []]);
  for (const json of ['', '[]', '{"packages":{"a":{}}', '{"packages":{"a":}}', '{"packages":{"a":{}}}x']) {
    assert.deepEqual((read(json) as unknown[])[0], undefined, json);
  }
});
