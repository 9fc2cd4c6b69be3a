import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gemVersions } from '../../src/ecosystems/gem/versions.ts';
import { needs } from '../support/system.ts';
import { disagreements, makePairs } from '../support/version-pairs.ts';

const alphabet = {
  starts: '0 1 2 10 01 1.0 1.2 0.0 18446744073709551616'.split(' '),
  fragments: '. .0 .00 .1 .2 .10 .01 - -1 -a a b A Z rc .rc .rc1 .beta .pre pre 0 1 9 99999999999999999999 -- .-'.split(
    ' ',
  ),
  mostFragments: 6,
};

const program = `
while line = $stdin.gets
  a, b = line.chomp.split("\\t", -1)
  ok = [a, b].all? { |v| !v.empty? && Gem::Version.correct?(v) }
  puts(ok ? (Gem::Version.new(a) <=> Gem::Version.new(b)) : "x")
end`;

test('20,000 pairs as RubyGems orders them', async (t) => {
  const sys = needs(t, 'ruby');
  if (!sys) return;
  const pairs = makePairs(alphabet, 20_000, 20240613);
  const { wrong, valid } = await disagreements(pairs, gemVersions, [sys.ruby, '-e', program]);
  assert.deepEqual(wrong.slice(0, 10), []);
  assert.ok(valid > 7_000, `${valid} pairs were valid`);
});
