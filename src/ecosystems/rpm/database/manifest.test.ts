import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseManifestLine } from './manifest.ts';

test('manifest: ten fields between tabs or bars, or a name alone', () => {
  const fields = ['zlib', '1.2.13-2.cm2', '1690000000', '1680000000', 'Microsoft Corporation', '(none)', '89000'];
  const line = [...fields, 'x86_64', '0', 'zlib-1.2.13-2.cm2.src.rpm'];
  const expected = {
    ...{ name: 'zlib', version: '1.2.13', release: '2.cm2', epoch: '', arch: 'x86_64', module: '', files: [] },
    ...{ vendor: 'Microsoft Corporation', sourceRpm: 'zlib-1.2.13-2.cm2.src.rpm' },
  };
  assert.deepEqual(parseManifestLine(line.join('\t')), expected);
  assert.deepEqual(parseManifestLine(line.join('|')), expected);
  assert.equal(parseManifestLine(line.with(8, '3').join('\t'))?.epoch, '3');
  const bare = parseManifestLine('libstdc++-devel-11.2.0-4.cm2.x86_64');
  assert.deepEqual(
    [bare?.name, bare?.version, bare?.release, bare?.arch],
    ['libstdc++-devel', '11.2.0', '4.cm2', 'x86_64'],
  );
  for (const bad of ['zlib', 'a\tb', 'zlib-1.2', '-1-1.x', '\t\t\t\t\t\t\t\t\t', 'a b c']) {
    assert.equal(parseManifestLine(bad), undefined, bad);
  }
});
