import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { composerVersions } from '../../src/ecosystems/composer/versions.ts';
import { needs } from '../support/system.ts';
import { disagreements, makePairs } from '../support/version-pairs.ts';

const library = '/usr/share/php/Composer/Semver/autoload.php';

const alphabet = {
  starts: '0 1 2 10 01 1.0 1.2.3 v1 V2.0 v1.2.3.4 2010 2010-01-02 20100102 2010.01 12345 123456'.split(' '),
  fragments:
    '. .0 .00 .1 .10 .123 - -1 _ a b A B p pl PL patch rc RC rc1 -RC2 -beta -alpha.1 stable -Stable dev -dev .dev @dev +b x .x 0 1 01 12 : :02 - , -p1'.split(
      ' ',
    ),
  mostFragments: 5,
};

const program = `
require '${library}';
$parser = new Composer\\Semver\\VersionParser();
while (($line = fgets(STDIN)) !== false) {
  [$a, $b] = explode("\\t", rtrim($line, "\\n"));
  try {
    $a = $parser->normalize($a);
    $b = $parser->normalize($b);
    echo version_compare($a, $b), "\\n";
  } catch (UnexpectedValueException $e) {
    echo "x\\n";
  }
}`;

/** Composer orders numeric branches (`1.x-dev`) behind all versions of their line, and knows flags of requirements. */
const isBranchOrFlag = (text: string): boolean => /@|x|\*|^dev-/i.test(text) || /dev$/i.test(text);

test('20,000 pairs as Composer orders them', async (t) => {
  const sys = needs(t, 'php');
  if (!sys) return;
  if (!existsSync(library)) return t.skip('needs composer: run tools/system-deps.sh');
  const pairs = makePairs(alphabet, 20_000, 20240613);
  const differs = (a: string, b: string): boolean =>
    [a, b].some((version) => isBranchOrFlag(version) && !composerVersions.valid(version));
  const { wrong, valid } = await disagreements(pairs, composerVersions, [sys.php, '-r', program], differs);
  assert.deepEqual(wrong.slice(0, 10), []);
  assert.ok(valid > 3_000, `${valid} pairs were valid`);
});
