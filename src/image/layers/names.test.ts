import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeName, displayPath, encodeName, normalisePath } from './names.ts';

describe('names', () => {
  it('gives back the same bytes for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        assert.deepEqual([...encodeName(decodeName(bytes))], [...bytes]);
      }),
    );
  });

  it('decodes as Python does with surrogateescape', () => {
    // python3 -c 'print(ascii(bytes.fromhex("…").decode("utf-8", "surrogateescape")))'
    const oracle: [string, string][] = [
      ['61ff62', 'a\udcffb'],
      ['c3a4e28082', 'ä\u2002'],
      ['e282', '\udce2\udc82'],
      ['eda080', '\udced\udca0\udc80'],
      ['f09f92a9f0', '💩\udcf0'],
      ['c080', '\udcc0\udc80'],
      ['efbbbf61', '\ufeffa'],
    ];
    for (const [hex, text] of oracle) assert.equal(decodeName(Buffer.from(hex, 'hex')), text, hex);
  });

  it('normalises inside the root', () => {
    const cases: [string, string | undefined][] = [
      ['usr/bin/x', 'usr/bin/x'],
      ['/usr//bin/./x/', 'usr/bin/x'],
      ['./', ''],
      ['', ''],
      ['a/../b', 'b'],
      ['a/b/../../c', 'c'],
      ['../x', undefined],
      ['a/../../x', undefined],
      ['/../x', undefined],
      ['a\\..\\b', 'a\\..\\b'],
      ['C:/x', 'C:/x'],
      ['.hidden/..x', '.hidden/..x'],
    ];
    for (const [name, path] of cases) assert.equal(normalisePath(name), path, name);
  });

  it('normalises to something that needs no more of it', () => {
    const name = fc.string({ unit: fc.constantFrom('a', '.', '/', '\\', ' '), maxLength: 12 });
    fc.assert(
      fc.property(name, (text) => {
        const path = normalisePath(text);
        if (path === undefined) return;
        assert.equal(normalisePath(path), path);
        assert.ok(path === '' || path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'));
      }),
    );
  });

  it('shows nothing that moves a cursor or turns a line around', () => {
    assert.equal(displayPath('a\u001b[31m\u202ex\udcff\n'), 'a\\u{1b}[31m\\u{202e}x\\xff\\u{a}');
    assert.equal(displayPath('ordinary/ä漢💩'), 'ordinary/ä漢💩');
  });
});
