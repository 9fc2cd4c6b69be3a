import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fitText, padText, terminalText, textWidth, wrapText } from './terminal-text.ts';
import { bytes, count, shellWord, someOf, span } from './words.ts';

test('escape sequences, bidi overrides and invisible characters become visible', () => {
  assert.equal(terminalText('\u001b[31mred\u0007'), '\\x1b[31mred\\x07');
  assert.equal(terminalText('a\u202eb\u200bc\ufeff'), 'a\\u202eb\\u200bc\\ufeff');
  assert.equal(terminalText('x\n{"level":1}\r\t'), 'x\\x0a{"level":1}\\x0d\\x09');
  assert.equal(terminalText('\u{e0041}\ud800'), '\\u{e0041}\\ud800');
  assert.equal(terminalText('grüße 漢字 😀'), 'grüße 漢字 😀');
});

test('nothing that a terminal obeys survives, whatever comes in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(terminalText(text), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test('long text is cut before it is worked on', () => {
  assert.equal(terminalText('x'.repeat(5000), 10), `${'x'.repeat(9)}…`);
});

test('width counts columns, and text is fitted to columns', () => {
  assert.equal(textWidth('abc'), 3);
  assert.equal(textWidth('漢字'), 4);
  assert.equal(textWidth('e\u0301'), 1);
  assert.equal(fitText('漢字漢字', 5), '漢字…');
  assert.equal(fitText('abc', 3), 'abc');
  assert.equal(padText('漢', 4), '漢  ');
  assert.equal(padText('7', 3, 'right'), '  7');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, columns) => {
      assert.ok(textWidth(fitText(terminalText(text), columns)) <= columns);
    }),
  );
});

test('words for people', () => {
  assert.equal(count(1, 'upgrade'), '1 upgrade');
  assert.equal(count(2000, 'vulnerability', 'vulnerabilities'), '2,000 vulnerabilities');
  assert.deepEqual([999, 1500, 63_000_000, 2.5e9].map(bytes), ['999 B', '1.5 kB', '63.0 MB', '2.5 GB']);
  assert.deepEqual([1000, 3_600_000, 47 * 3_600_000, 33 * 86_400_000].map(span), [
    'less than an hour',
    '1 hour',
    '47 hours',
    '33 days',
  ]);
  assert.equal(someOf(['a', 'b', 'c'], 2), 'a, b +1 more');
  assert.equal(shellWord("it's; rm -rf"), "'it'\\''s; rm -rf'");
});

test('long text is broken at blanks, and cut only in its last line', () => {
  assert.deepEqual(wrapText('one two three', 20, 3), ['one two three']);
  assert.deepEqual(wrapText('one two three', 7, 3), ['one two', 'three']);
  assert.deepEqual(wrapText('one two three four', 7, 2), ['one two', 'three …']);
  assert.deepEqual(wrapText('extraordinary words', 7, 3), ['extrao…', 'words']);
  assert.deepEqual(wrapText('', 7, 3), ['']);
});
