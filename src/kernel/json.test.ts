import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isJsonObject, JsonError, type JsonObject, parseJson } from './json.ts';

const limits = { maxBytes: 1000, maxDepth: 5, maxContainers: 6 };

describe('JSON from outside', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        assert.equal(JSON.stringify(parseJson(Buffer.from(text))), JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('treats the names of built-in properties as data', () => {
    const value = parseJson(
      Buffer.from('{"__proto__":{"x":1},"constructor":2,"a":[{"toString":3}]}'),
      limits,
    ) as JsonObject;
    assert.deepEqual(Object.keys(value), ['__proto__', 'constructor', 'a']);
    assert.equal(Object.getPrototypeOf(value), null);
    assert.equal(value.x, undefined);
    assert.equal(value.hasOwnProperty, undefined);
    assert.ok(isJsonObject(value) && !isJsonObject(null) && !isJsonObject([]));
  });

  const bad: [string, string | Buffer, string][] = [
    ['too long', ' '.repeat(1001), 'json_too_large'],
    ['too deep', '[[[[[[1]]]]]]', 'json_too_deep'],
    ['deep, unclosed and large', '['.repeat(900), 'json_too_deep'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'json_invalid'],
    ['a byte-order mark', '\ufeff{}', 'json_invalid'],
    ['nothing', '', 'json_invalid'],
    ['two values', '{}{}', 'json_invalid'],
  ];
  for (const [name, text, code] of bad) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => parseJson(Buffer.from(text as string), limits),
        (error) => error instanceof JsonError && error.code === code,
      );
    });
  }

  it('counts no brackets inside texts', () => {
    assert.equal(parseJson(Buffer.from('"[[[[[[[[ \\" [[[["'), limits), '[[[[[[[[ " [[[[');
  });
});
