import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonError } from '../../../kernel/index.ts';
import { lowerFirst, parseStrictJson } from './strict-json.ts';

const refused = (text: string, code = 'json_invalid') =>
  assert.throws(
    () => parseStrictJson(text),
    (error) => error instanceof JsonError && error.code === code,
    text.slice(0, 60),
  );

test('reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4, noUnicodeString: false }), (text) => {
      let exact = true;
      const value: unknown = JSON.parse(text, (_key, member: unknown) => {
        if (typeof member === 'number' && Number.isInteger(member) && !Number.isSafeInteger(member)) exact = false;
        return member;
      });
      fc.pre(exact);
      // Objects without prototype differ from literals in deepStrictEqual, so both go through text.
      assert.equal(JSON.stringify(parseStrictJson(text)), JSON.stringify(value));
    }),
    { numRuns: 500 },
  );
  assert.deepEqual(parseStrictJson(' [1 , -2.5e3 ,true,false,null,"a\\u00e9\\n"] '), [
    1,
    -2500,
    true,
    false,
    null,
    'aé\n',
  ]);
});

test('keys that stand twice are refused, also when they are written differently', () => {
  refused('{"a":1,"a":1}');
  refused('[{"b":{"a":1,"c":2,"a":3}}]');
  refused('{"a":1,"\\u0061":2}');
  refused('{"__proto__":1,"__proto__":2}');
});

test('numbers that a double does not hold are refused', () => {
  refused('9007199254740992');
  refused('[9223372036854775808]');
  refused('1e999');
  refused('-9007199254740993');
  refused('NaN');
  refused('Infinity');
  refused('01');
  refused('+1');
  refused('.5');
  refused('0x10');
  assert.equal(parseStrictJson('9007199254740991'), 9007199254740991);
});

test('what is no JSON is refused', () => {
  for (const text of [
    '',
    ' ',
    '{',
    '[1,]',
    '{"a":1,}',
    "{'a':1}",
    '{"a"}',
    '"\n"',
    '"\\x"',
    '"',
    'tru',
    '1 2',
    '\ufeff1',
  ]) {
    refused(text);
  }
});

test('depth and size are limited before anything is built', () => {
  refused('['.repeat(100_000), 'json_too_deep');
  refused(`${'{"a":'.repeat(9)}1${'}'.repeat(9)}`, 'json_too_deep');
  refused(`"${'a'.repeat(1024 * 1024)}"`, 'json_too_large');
  parseStrictJson(`${'['.repeat(8)}${']'.repeat(8)}`);
});

test('keys may begin with a capital, but not stand there both ways', () => {
  assert.deepEqual({ ...lowerFirst(parseStrictJson('{"RepoId":"x","tag":"y"}')) }, { repoId: 'x', tag: 'y' });
  assert.equal(lowerFirst(parseStrictJson('{"RepoId":"x","repoId":"x"}')), undefined);
  assert.equal(lowerFirst(parseStrictJson('[]')), undefined);
});
