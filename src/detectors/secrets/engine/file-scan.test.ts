import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fileRules } from '../files/list.ts';
import { keyExamples } from '../testdata/key-examples.ts';
import { look } from '../testdata/look.ts';
import { made } from '../testdata/made.ts';
import { contentRules } from '../tokens/list.ts';
import { blockBytes } from './file-scan.ts';

const rules = { content: contentRules, files: fileRules };
/** Tokens with marks of their own, one a rule, so that each finding tells where it was. */
const first = `glpat${'-'}${made(20, undefined, 'first')}`;

test('a finding tells line, offset and length, and its excerpt is masked', () => {
  const { found } = look('srv/a.txt', `one\ntwo\n  token: ${first}\n`, rules);
  assert.equal(found.length, 1);
  const { secretId, ...fact } = found[0] as NonNullable<(typeof found)[0]>;
  assert.match(secretId, /^[0-9a-f]{32}$/);
  assert.deepEqual(fact, {
    ...{ rule: 'gitLab_personal_token', path: 'srv/a.txt', level: 'high', total: 1 },
    ...{ offset: 17, length: 26, line: 3, excerpt: `glpa…${first.slice(-2)}` },
  });
});

test('different values of a rule are counted, equal ones once, and the first is told', () => {
  const other = `glpat${'-'}${made(20, undefined, 'other')}`;
  const { found } = look('a', `${first}\n${first}\n${other}\n`, rules);
  assert.deepEqual(
    found.map(({ total, line }) => ({ total, line })),
    [{ total: 2, line: 1 }],
  );
});

test('UTF-16 of both orders is read, with offsets in bytes of the file', () => {
  const text = `line\n密 ${first}\n`;
  const little = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
  const big = Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]);
  for (const bytes of [little, big]) {
    const { found } = look('a.reg', bytes, { ...rules, pieces: [3] });
    assert.deepEqual(
      found.map(({ line, offset, length }) => ({ line, offset, length })),
      [{ line: 2, offset: 16, length: 52 }],
    );
  }
});

test('strings of compiled Python are read, also where the length in front looks like a letter', () => {
  const value = `rubygems${'_'}${made(48, '0123456789abcdef')}`;
  // marshal: type 0xda (short interned ASCII), length 57 = '9', the string.
  const compiled = Buffer.concat([
    Buffer.from([0xcb, 13, 13, 10, 0, 0, 0, 0, 0xda, value.length]),
    Buffer.from(value),
    Buffer.from([0xa9, 0]),
  ]);
  assert.deepEqual(
    look('a/__pycache__/x.pyc', compiled, rules).found.map(({ rule, line }) => ({ rule, line })),
    [{ rule: 'rubygem', line: null }],
  );
});

test('binary files are not searched for text', () => {
  assert.deepEqual(
    look('usr/bin/x', Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0]), Buffer.from(first)]), rules).found,
    [],
  );
});

test('a value on the border of two blocks is found, and one found in both counts once', () => {
  for (const at of [blockBytes - 10, blockBytes - 73 * 1024, blockBytes - 72 * 1024 - 5, blockBytes + 3]) {
    const text = `${' '.repeat(at - 1)}\n${first}\n${' '.repeat(200_000)}`;
    const { found } = look('a', text, rules);
    assert.deepEqual(
      found.map(({ offset, line, total }) => ({ offset, line, total })),
      [{ offset: at, line: 2, total: 1 }],
    );
  }
});

test('a private key longer than any window of tokens is found whole', () => {
  const body = Buffer.alloc(20_000, 7);
  body.set([0x30, 0x82, (body.length - 4) >> 8, (body.length - 4) & 255]);
  const text = `-----BEGIN PRIVATE ${'KEY'}-----\n${body.toString('base64')}\n-----END PRIVATE ${'KEY'}-----\n`;
  assert.deepEqual(
    look('a', `${'x'.repeat(500_000)}\n${text}`, rules).found.map(({ rule, line }) => ({ rule, line })),
    [{ rule: 'pkcs_private_key', line: 2 }],
  );
});

test('a file that takes too long is given up with what was found until then', () => {
  let clock = 0;
  const now = (): number => (clock += 1_000);
  const text = `${first}\n${`PRIVATE ${'KEY'} `.padEnd(20_000)}`.repeat(100);
  const { found, incomplete } = look('a.txt', text, { ...rules, now, pieces: [65_536] });
  assert.equal(found.length, 1);
  assert.deepEqual(incomplete, [{ path: 'a.txt', why: 'time' }]);
});

test('the pieces in which a file comes change nothing', () => {
  const key = String(keyExamples.common_private_key?.yes);
  const parts = fc.constantFrom(
    first,
    key,
    'password=',
    ' ',
    '\n',
    'x'.repeat(300),
    `glpat${'-'}${made(20, undefined, 'third')}`,
    'PRIVATE KEY',
  );
  const kinds = fc.constantFrom<(text: string) => Buffer>(
    (text) => Buffer.from(text),
    (text) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]),
    (text) => Buffer.concat([Buffer.alloc(16), Buffer.from(text)]),
  );
  fc.assert(
    fc.property(
      fc.array(parts, { maxLength: 60 }),
      kinds,
      fc.constantFrom('a/.env', 'a.pyc', 'x.txt'),
      fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 4 }),
      (words, encode, path, pieces) => {
        const bytes = encode(words.join(''));
        fc.pre(bytes.length > 0);
        assert.deepEqual(look(path, bytes, { ...rules, pieces }), look(path, bytes, rules));
      },
    ),
    { numRuns: 60 },
  );
});

test('no content makes a rule fail', () => {
  const names = fc.constantFrom(
    'a.p12',
    'root/.aws/credentials',
    'x.ppk',
    'wp-config.php',
    'a.pyc',
    'root/.docker/config.json',
    'secring.gpg',
    'x.jks',
    'a.key',
  );
  const starts = fc.constantFrom(
    '',
    'feedfeed0000000200000001',
    '3082',
    '9501',
    '03d9a29a67fb4bb5',
    'fffe',
    '6b796368',
    Buffer.from('SQLite format 3\0').toString('hex'),
  );
  fc.assert(
    fc.property(names, starts, fc.uint8Array({ minLength: 1, maxLength: 400 }), (path, start, rest) => {
      look(path, Buffer.concat([Buffer.from(start, 'hex'), rest]), { ...rules, pieces: [7] });
    }),
    { numRuns: 150 },
  );
});
