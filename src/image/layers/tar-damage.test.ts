import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { rawEntry } from '../../../test/support/raw-tar.ts';
import { archive, pathsOf, readTar } from '../../../test/support/read-tar.ts';

describe('tar reader, damaged archives', () => {
  const cases: { name: string; tar: Buffer; paths: string[]; codes: string[] }[] = [
    { name: 'no end blocks', tar: rawEntry({ name: 'a' }, 'x'), paths: ['a'], codes: ['truncated_tar'] },
    {
      name: 'cut in a body',
      tar: rawEntry({ name: 'a' }, 'x').subarray(0, 600),
      paths: ['a'],
      codes: ['truncated_tar'],
    },
    { name: 'cut in a header', tar: rawEntry({ name: 'a' }).subarray(0, 300), paths: [], codes: ['truncated_tar'] },
    {
      name: 'wrong checksum',
      tar: archive(rawEntry({ name: 'a' }), rawEntry({ name: 'b', checksumError: 1 }), rawEntry({ name: 'c' })),
      paths: ['a'],
      codes: ['invalid_tar'],
    },
    {
      name: 'data behind the end',
      tar: Buffer.concat([archive(rawEntry({ name: 'a' })), rawEntry({ name: 'hidden' })]),
      paths: ['a'],
      codes: ['trailing_data'],
    },
    {
      name: 'one zero block in the middle',
      tar: archive(rawEntry({ name: 'a' }), Buffer.alloc(512), rawEntry({ name: 'b' })),
      paths: ['a'],
      codes: ['invalid_tar'],
    },
    {
      name: 'an unknown kind of entry',
      tar: archive(rawEntry({ name: 'v', flag: 'V' }, 'volume'), rawEntry({ name: 'b' })),
      paths: ['b'],
      codes: ['unsupported_entry'],
    },
    {
      name: 'a damaged PAX header',
      tar: archive(rawEntry({ flag: 'x' }, '99999 path=x\n'), rawEntry({ name: 'a' }, 'body'), rawEntry({ name: 'b' })),
      paths: ['b'],
      codes: ['suspicious_archive'],
    },
  ];
  for (const { name, tar, paths: expected, codes } of cases) {
    it(name, () => {
      const result = readTar(tar);
      assert.deepEqual(pathsOf(result), expected);
      assert.deepEqual(result.codes, codes);
    });
  }

  it('survives arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        assert.ok(readTar(bytes).entries.length <= 6);
      }),
    );
  });
});
